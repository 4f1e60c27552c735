package dev.healthcheck.spring;

import static java.util.Objects.requireNonNull;

import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checks that Spring sees as indicators, by the paths of these. Thread-safe.
 *
 * <p>Each indicator that Spring can reach is a check of the registry from the moment at which Spring first gets it, until
 * its contributor is unregistered or its composite no longer has it.
 */
final class Bridge implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Bridge.class);

    private final HealthCheckRegistry registry;
    private final OwnChecks own;
    private final SettingsByName settings;
    private final Translation translation;
    private final OneStack stacks;
    private final Batches batches;
    private final Readiness readiness;
    private final Map<Kind, Map<String, Leaf>> leaves = new EnumMap<>(Kind.class);
    /** The checks that are being registered, whose indicators are not in {@link #leaves} yet. */
    private final Set<String> registering = ConcurrentHashMap.newKeySet();
    /** Counts the changes of {@link #leaves}: raised after each. */
    private final AtomicInteger changes = new AtomicInteger();
    /** The application has started: from now on refused settings are a warning, and stop nothing. */
    private volatile boolean isStarted;

    Bridge(
            HealthCheckRegistry registry,
            OwnChecks own,
            SettingsByName settings,
            Translation translation,
            OneStack stacks) {
        this.registry = registry;
        this.own = own;
        this.settings = settings;
        this.translation = translation;
        this.stacks = stacks;
        batches = new Batches(registry);
        readiness = new Readiness(registry, System::nanoTime);
        for (Kind kind : Kind.values()) {
            leaves.put(kind, new ConcurrentHashMap<>());
        }
    }

    Batches batches() {
        return batches;
    }

    Readiness readiness() {
        return readiness;
    }

    CheckSettings settings(String path) {
        return settings.of(path);
    }

    void started() {
        isStarted = true;
    }

    /** Ignores the settings of a contributor that came after the start; throws {@code why} if it came before. */
    void ignoreSettings(String path, InvalidSettingsException why) {
        if (!isStarted) {
            throw why;
        }
        settings.ignore(path);
        LOG.warn("{} runs without its settings: {}", path, why.getMessage());
    }

    /** Returns a counter that increases with each change of the contributors. */
    int changes() {
        return changes.get();
    }

    /** Returns the checks below a prefix whose paths meet a condition. */
    Members members(String prefix, Predicate<String> isMember) {
        Set<String> names = new LinkedHashSet<>();
        for (Map<String, Leaf> ofKind : leaves.values()) {
            ofKind.forEach((path, leaf) -> {
                if (path.startsWith(prefix) && isMember.test(path)) {
                    names.add(leaf.indicator.name());
                }
            });
        }
        return new Members(names);
    }

    /** Returns the indicator of a path; null if there is none. */
    @Nullable
    CheckIndicator find(Kind kind, String path) {
        Leaf leaf = leaves(kind).get(path);
        return leaf == null ? null : leaf.indicator;
    }

    /** Notes the indicator of a check that the application has registered itself. */
    void adopt(CheckIndicator indicator) {
        put(Kind.BLOCKING, indicator.name(), new Leaf(indicator, () -> {}));
    }

    private void put(Kind kind, String path, Leaf leaf) {
        leaves(kind).put(path, leaf);
        changes.incrementAndGet();
    }

    private Map<String, Leaf> leaves(Kind kind) {
        return requireNonNull(leaves.get(kind));
    }

    /** Returns whether there is an indicator for a check, or soon will be. Does not wait. */
    boolean has(String name) {
        return registering.contains(name)
                || leaves.values().stream()
                        .flatMap(ofKind -> ofKind.values().stream())
                        .anyMatch(leaf -> leaf.indicator.name().equals(name));
    }

    /**
     * Returns the indicator of a path. Registers a check for it if there is none yet.
     *
     * @param check makes the check
     * @return null if the registry is closed
     */
    @Nullable
    CheckIndicator register(Kind kind, String path, BiFunction<Translation, OneStack, HealthCheck> check) {
        return register(kind, path, check.apply(translation, stacks));
    }

    /** The lock keeps a path from having two checks. Only callers that register wait for it, and no event does. */
    private synchronized @Nullable CheckIndicator register(Kind kind, String path, HealthCheck made) {
        CheckIndicator known = find(kind, path);
        if (known != null) {
            return known;
        }
        String name = CheckNames.of(path, new HashSet<>(registry.names()));
        registering.add(name);
        try {
            Runnable end = own.register(name, made, settings.of(path)::applyTo);
            CheckIndicator indicator = indicator(name);
            put(kind, path, new Leaf(indicator, () -> {
                end.run();
                stacks.forget(made);
            }));
            return indicator;
        } catch (IllegalStateException e) {
            LOG.debug("{} is asked without the registry, which is closed", path, e);
            return null;
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingsException("healthcheck.checks." + e.getMessage(), e);
        } finally {
            registering.remove(name);
        }
    }

    /** Returns whether this context shows a check, unless it is hidden. */
    boolean shows(String name) {
        return !own.isOfOther(name);
    }

    /** Returns a new indicator for a check. */
    CheckIndicator indicator(String name) {
        return new CheckIndicator(name, registry, batches, translation);
    }

    /** Forgets a contributor and everything below it. */
    void forget(Kind kind, String path) {
        remove(kind, each -> each.equals(path) || each.startsWith(path + "/"));
    }

    /** Forgets what is below a prefix and not below one of {@code children} of it. */
    void keepOnly(Kind kind, String prefix, Set<String> children) {
        remove(kind, path -> path.startsWith(prefix) && !children.contains(childBelow(prefix, path)));
    }

    private static String childBelow(String prefix, String path) {
        int end = path.indexOf('/', prefix.length());
        return path.substring(prefix.length(), end < 0 ? path.length() : end);
    }

    private void remove(Kind kind, Predicate<String> condition) {
        Map<String, Leaf> ofKind = leaves(kind);
        ofKind.forEach((path, leaf) -> {
            if (condition.test(path) && ofKind.remove(path, leaf)) {
                changes.incrementAndGet();
                leaf.end.run();
            }
        });
    }

    @Override
    public void close() {
        for (Kind kind : Kind.values()) {
            remove(kind, path -> true);
        }
        stacks.close();
    }

    /** The two registries of Spring. */
    enum Kind {
        BLOCKING,
        REACTIVE
    }

    /** An indicator, and what has to be done when it is forgotten. */
    private record Leaf(CheckIndicator indicator, Runnable end) {}
}
