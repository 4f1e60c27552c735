package dev.healthcheck.spring;

import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthListener;
import dev.healthcheck.StatusChange;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.health.registry.ReactiveHealthContributorRegistry;

/**
 * Brings registry and contributors together when all beans are there: every indicator becomes a check, and every other
 * check an indicator. Later the latter happens to each check that is registered. A child context whose contributors are
 * those of its parent leaves that to its parent.
 */
final class Walk implements SmartInitializingSingleton, DisposableBean {
    private static final Logger LOG = LoggerFactory.getLogger(Walk.class);

    private final HealthCheckRegistry registry;
    private final Bridge bridge;
    private final SettingsByName settings;
    private final Supplier<@Nullable HealthContributorRegistry> contributors;
    private final Supplier<@Nullable ReactiveHealthContributorRegistry> reactiveContributors;
    private final ListableBeanFactory beans;

    private final HealthListener registrations = new Registrations();

    Walk(
            HealthCheckRegistry registry,
            Bridge bridge,
            SettingsByName settings,
            Supplier<@Nullable HealthContributorRegistry> contributors,
            Supplier<@Nullable ReactiveHealthContributorRegistry> reactiveContributors,
            ListableBeanFactory beans) {
        this.registry = registry;
        this.bridge = bridge;
        this.settings = settings;
        this.contributors = contributors;
        this.reactiveContributors = reactiveContributors;
        this.beans = beans;
    }

    @Override
    public void afterSingletonsInstantiated() {
        Set<String> paths = new HashSet<>();
        Set<String> composites = new HashSet<>();
        if (contributors.get() instanceof ViewingRegistry views) {
            if (views.isOf(bridge)) {
                registry.names().forEach(name -> show(name, views));
            }
            add("", views, new HashSet<>(), new HashSet<>());
            add("", views.raw(), paths, composites);
        }
        if (reactiveContributors.get() instanceof ReactiveViewingRegistry views) {
            add("", views.asHealthContributors(), new HashSet<>(), new HashSet<>());
            add("", views.raw().asHealthContributors(), paths, composites);
        }
        bridge.batches().end();
        paths.addAll(registry.names());
        settings.requireKnown(paths, composites);
        registry.addListener(registrations);
        bridge.started();
    }

    /** Adds the paths of all contributors below {@code parent}. Views register their checks when they are made. */
    private static void add(String prefix, HealthContributors parent, Set<String> paths, Set<String> composites) {
        for (HealthContributors.Entry child : parent) {
            String path = prefix + child.name();
            paths.add(path);
            if (child.contributor() instanceof CompositeHealthContributor composite) {
                composites.add(path);
                add(path + "/", composite, paths, composites);
            }
        }
    }

    private void onRegistered(String check) {
        if (contributors.get() instanceof ViewingRegistry views && views.isOf(bridge)) {
            try {
                show(check, views);
            } catch (InvalidSettingsException | IllegalStateException e) {
                LOG.warn("Actuator does not show the check {}: {}", check, e.getMessage());
            }
        }
    }

    /** Makes an indicator of a check that does not stand for one. */
    private void show(String check, ViewingRegistry views) {
        if (!bridge.has(check)
                && bridge.shows(check)
                && !isState(check)
                && registry.names().contains(check)) {
            Object contributor = contributor(check, views);
            if (contributor == null) {
                showAs(bridge.indicator(check), views);
            } else if (isOwner()) {
                throw clash(check, contributor);
            }
        }
    }

    /** The bridge knows the indicator before any request can meet it, and would make a check of an unknown one. */
    private void showAs(CheckIndicator indicator, ViewingRegistry views) {
        bridge.adopt(indicator);
        try {
            views.raw().registerContributor(indicator.name(), indicator);
        } catch (RuntimeException e) {
            bridge.forget(Bridge.Kind.BLOCKING, indicator.name());
            throw e;
        }
    }

    /** Returns whether a check says what Spring has an indicator of its own for. */
    private boolean isState(String check) {
        return Stream.of(beans.getBeanNamesForType(AvailabilityCheck.class))
                .anyMatch(bean -> CheckBeans.nameOf(bean).equals(check));
    }

    private @Nullable Object contributor(String check, ViewingRegistry views) {
        Object blocking = views.raw().getContributor(check);
        return blocking == null && reactiveContributors.get() instanceof ReactiveViewingRegistry reactive
                ? reactive.raw().getContributor(check)
                : blocking;
    }

    /** Returns false in a child context: the checks of its parent may have the names of its own contributors. */
    private boolean isOwner() {
        return beans.getBeanNamesForType(HealthCheckRegistry.class).length > 0;
    }

    /** Spring refuses two contributors of the same name, too, but does not say which beans they are. */
    private InvalidSettingsException clash(String check, Object contributor) {
        return new InvalidSettingsException(
                check + ": " + beanOf(check) + " has the same name as the health contributor " + beanOf(contributor),
                "Rename one of the two beans. management.health." + check
                        + ".enabled=false turns an indicator of Spring Boot off.",
                null);
    }

    private String beanOf(String check) {
        return Stream.of(beans.getBeanNamesForType(HealthCheck.class))
                .filter(bean -> CheckBeans.nameOf(bean).equals(check))
                .findFirst()
                .map(bean -> "the check of the bean " + bean)
                .orElse("a check");
    }

    private String beanOf(Object contributor) {
        return beans.getBeansOfType(contributor.getClass()).entrySet().stream()
                .filter(bean -> bean.getValue() == contributor)
                .findFirst()
                .map(bean -> "of the bean " + bean.getKey())
                .orElseGet(() -> contributor.getClass().getName());
    }

    private void onUnregistered(String check) {
        if (contributors.get() instanceof ViewingRegistry views
                && views.isOf(bridge)
                && views.raw().getContributor(check) instanceof CheckIndicator
                && !registry.names().contains(check)) {
            views.unregisterContributor(check);
        }
    }

    @Override
    public void destroy() {
        registry.removeListener(registrations);
    }

    /** The bean itself does not listen: Spring would take it for a listener of the application. */
    private final class Registrations implements HealthListener {

        @Override
        public void onRegistered(String check) {
            Walk.this.onRegistered(check);
        }

        @Override
        public void onUnregistered(String check) {
            Walk.this.onUnregistered(check);
        }

        @Override
        public void onChange(StatusChange change) {
            // only registrations matter here
        }
    }
}
