package dev.healthcheck.spring;

import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Registration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
    private final SettingsByName settings;
    private final Translation translation;
    private final OneStack stacks;
    private final Batches batches;
    private final Readiness readiness;
    private final Map<Key, Leaf> leaves = new ConcurrentHashMap<>();
    /** Whether the application has started, so that nothing may fail any more because of its settings. */
    private volatile boolean isStarted;

    Bridge(HealthCheckRegistry registry, SettingsByName settings, Translation translation, OneStack stacks) {
        this.registry = registry;
        this.settings = settings;
        this.translation = translation;
        this.stacks = stacks;
        batches = new Batches(registry);
        readiness = new Readiness(registry, System::nanoTime);
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

    /** Returns the names of the checks below a prefix whose paths meet a condition. */
    Collection<String> names(String prefix, Predicate<String> isMember) {
        Set<String> names = new HashSet<>();
        leaves.forEach((key, leaf) -> {
            if (key.path.startsWith(prefix) && isMember.test(key.path)) {
                names.add(leaf.indicator.name());
            }
        });
        return names;
    }

    /** Returns the indicator of a path; null if there is none. */
    @Nullable
    CheckIndicator find(Kind kind, String path) {
        Leaf leaf = leaves.get(new Key(kind, path));
        return leaf == null ? null : leaf.indicator;
    }

    /** Notes the indicator of a check that the application has registered itself. */
    void adopt(String name, CheckIndicator indicator) {
        leaves.put(new Key(Kind.BLOCKING, name), new Leaf(indicator, () -> {}));
    }

    /** Returns whether there is an indicator for a check. */
    synchronized boolean has(String name) {
        return leaves.values().stream().anyMatch(leaf -> leaf.indicator.name().equals(name));
    }

    /**
     * Returns the indicator of a path. Registers a check for it if there is none yet.
     *
     * @param check makes the check
     * @return null if the registry is closed
     */
    @Nullable
    synchronized CheckIndicator register(Kind kind, String path, BiFunction<Translation, OneStack, HealthCheck> check) {
        CheckIndicator known = find(kind, path);
        if (known != null) {
            return known;
        }
        String name = CheckNames.of(path, new HashSet<>(registry.names()));
        HealthCheck made = check.apply(translation, stacks);
        try {
            Registration registration = registry.register(name, made, settings.of(path)::applyTo);
            CheckIndicator indicator = indicator(name);
            leaves.put(new Key(kind, path), new Leaf(indicator, () -> {
                registration.close();
                stacks.ended(made);
            }));
            return indicator;
        } catch (IllegalStateException e) {
            LOG.debug("{} is asked without the registry, which is closed", path, e);
            return null;
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingsException("healthcheck.checks." + e.getMessage(), e);
        }
    }

    /** Returns a new indicator for a check. */
    CheckIndicator indicator(String name) {
        return new CheckIndicator(name, registry, batches, translation);
    }

    /** Forgets a contributor and everything below it. */
    void forget(Kind kind, String path) {
        remove(key -> key.kind == kind && (key.path.equals(path) || key.path.startsWith(path + "/")));
    }

    /** Forgets what is below a prefix and not below one of {@code children} of it. */
    void keepOnly(Kind kind, String prefix, Set<String> children) {
        remove(key -> key.kind == kind && key.path.startsWith(prefix) && !children.contains(key.childBelow(prefix)));
    }

    private void remove(Predicate<Key> condition) {
        leaves.forEach((key, leaf) -> {
            if (condition.test(key) && leaves.remove(key, leaf)) {
                leaf.end.run();
            }
        });
    }

    @Override
    public void close() {
        remove(key -> true);
    }

    /** The two registries of Spring. */
    enum Kind {
        BLOCKING,
        REACTIVE
    }

    private record Key(Kind kind, String path) {

        String childBelow(String prefix) {
            int end = path.indexOf('/', prefix.length());
            return path.substring(prefix.length(), end < 0 ? path.length() : end);
        }
    }

    /** An indicator, and what has to be done when it is forgotten. */
    private record Leaf(CheckIndicator indicator, Runnable end) {}
}
