package dev.healthcheck.spring;

import dev.healthcheck.HealthCheck;
import dev.healthcheck.spring.Bridge.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the contributors that Spring sees instead of those of an application. Thread-safe.
 *
 * <p>Spring's blocking and reactive contributors have no type in common. A subclass for each says what they are.
 *
 * @param <C> a contributor
 * @param <E> a contributor and its name
 */
abstract class Views<C, E> {
    private final Bridge bridge;
    private final Kind kind;
    private final Function<E, String> nameOf;
    private final Function<E, C> contributorOf;
    private final BiFunction<String, C, E> entryOf;

    Views(
            Bridge bridge,
            Kind kind,
            Function<E, String> nameOf,
            Function<E, C> contributorOf,
            BiFunction<String, C, E> entryOf) {
        this.bridge = bridge;
        this.kind = kind;
        this.nameOf = nameOf;
        this.contributorOf = contributorOf;
        this.entryOf = entryOf;
    }

    Bridge bridge() {
        return bridge;
    }

    /** Returns whether a contributor has others below it. */
    abstract boolean isComposite(C contributor);

    /** Returns whether an indicator runs on the thread of the request. */
    boolean isInline(String path, C indicator) {
        return bridge.settings(path).inline();
    }

    /** Returns the view of an indicator that runs on the thread of the request. */
    C inline(C raw) {
        return raw;
    }

    /**
     * Returns the view of a composite.
     *
     * @param prefix its path, and a slash
     * @param composite lists what there is
     * @param anew finds the composite of a later run
     */
    abstract C composite(String prefix, C composite, Supplier<@Nullable C> anew);

    /** Returns what is below a view; null if that is no composite. */
    abstract @Nullable Children below(C view);

    /** Returns a check for the indicator {@code raw}. Each run asks the one that {@code anew} finds then. */
    abstract HealthCheck check(C raw, Supplier<@Nullable C> anew, Translation translation, OneStack stacks);

    /** Returns the view of the indicator {@code raw}, which runs as a check. */
    abstract C indicator(C raw, CheckIndicator check);

    /**
     * Returns the view of a contributor.
     *
     * @param prefix the path of its parent, and a slash; empty for a registry
     * @param parent finds a child of the parent of a later run
     * @return null if there is none, or if it is hidden
     */
    @Nullable
    C of(String prefix, String name, @Nullable C raw, Function<String, @Nullable C> parent) {
        if (raw == null) {
            return null;
        }
        String path = prefix.isEmpty() ? name : prefix + name;
        Supplier<@Nullable C> anew = () -> parent.apply(name);
        try {
            return of(path, raw, anew);
        } catch (InvalidSettingsException e) {
            bridge.ignoreSettings(path, e);
            return of(path, raw, anew);
        }
    }

    private @Nullable C of(String path, C raw, Supplier<@Nullable C> anew) {
        CheckIndicator known = bridge.find(kind, path);
        if (known != null && !isComposite(raw)) {
            return indicator(raw, known);
        }
        if (!bridge.settings(path).enabled()) {
            return null;
        }
        if (isComposite(raw)) {
            return composite(path + "/", raw, anew);
        }
        return isInline(path, raw) ? inline(raw) : register(path, raw, anew);
    }

    private C register(String path, C raw, Supplier<@Nullable C> anew) {
        CheckIndicator made =
                bridge.register(kind, path, (translation, stacks) -> check(raw, anew, translation, stacks));
        return made == null ? raw : indicator(raw, made);
    }

    /** Returns the views of all contributors of a registry, which begins a batch. */
    Stream<E> allOfRegistry(Stream<E> children, Function<String, @Nullable C> parent) {
        List<E> all = all("", children, parent);
        reach(all);
        return all.stream();
    }

    /** Returns the views of some contributors of one parent, without those that are hidden. */
    private List<E> all(String prefix, Stream<E> children, Function<String, @Nullable C> parent) {
        List<E> views = new ArrayList<>();
        children.forEach(child -> {
            String name = nameOf.apply(child);
            C view = of(prefix, name, contributorOf.apply(child), parent);
            if (view != null) {
                views.add(entryOf.apply(name, view));
            }
        });
        return views;
    }

    /**
     * Registers the checks of everything below some views, which may be new. A batch asks only for checks that are
     * registered, and Spring gets to them one after the other.
     */
    private void reach(List<E> views) {
        for (E view : views) {
            Children below = below(contributorOf.apply(view));
            if (below != null) {
                reach(below.reach());
            }
        }
    }

    /** Forgets a contributor of the registry, and everything below it. */
    void forget(String name) {
        bridge.forget(kind, name);
    }

    /** Gives out the views of what is below a composite. */
    final class Children {
        private final String prefix;
        private final Supplier<Stream<E>> raw;
        private final Function<String, @Nullable C> rawOf;
        private final Function<String, @Nullable C> anew;
        /** The views that this answer has made before. The next {@link #all()} uses them up: Spring may keep the composite. */
        private final AtomicReference<@Nullable List<E>> reached = new AtomicReference<>();

        /**
         * Makes an object for one composite.
         *
         * @param prefix its path, and a slash
         * @param raw lists what there is
         * @param rawOf finds a contributor among that by its name; null if there is none
         * @param anew finds one of a later run
         */
        Children(
                String prefix,
                Supplier<Stream<E>> raw,
                Function<String, @Nullable C> rawOf,
                Function<String, @Nullable C> anew) {
            this.prefix = prefix;
            this.raw = raw;
            this.rawOf = rawOf;
            this.anew = anew;
        }

        @Nullable
        C of(String name) {
            return Views.this.of(prefix, name, rawOf.apply(name), anew);
        }

        /** Returns the views for Spring. */
        Stream<E> all() {
            List<E> all = reached.getAndSet(null);
            if (all == null) {
                all = made();
                if (bridge.batches().include(prefix)) {
                    Views.this.reach(all);
                }
            }
            return all.stream();
        }

        /** Returns the views, and keeps them for the next {@link #all()}. */
        List<E> reach() {
            List<E> all = made();
            reached.set(all);
            return all;
        }

        /** Returns new views. Forgets the contributors that the composite no longer has. */
        private List<E> made() {
            List<E> children = raw.get().toList();
            bridge.keepOnly(kind, prefix, children.stream().map(nameOf).collect(Collectors.toSet()));
            return Views.this.all(prefix, children.stream(), anew);
        }
    }
}
