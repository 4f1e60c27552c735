package dev.healthcheck.spring;

import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthListener;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Registers the checks and listeners among the beans of one application context, and its {@link NamedChecks}, for as long as
 * the context lives. Registers them when all beans are there, because such a bean may depend on the registry.
 */
final class CheckBeans implements SmartInitializingSingleton, DisposableBean {
    private static final String END = "healthcheck";
    private static final Set<String> OF_REQUESTS = Set.of("request", "session", "websocket");

    private final HealthCheckRegistry registry;
    private final OwnChecks own;
    private final SettingsByName settings;
    private final boolean validateNames;
    private final ConfigurableListableBeanFactory beans;
    private final List<Runnable> ends = new ArrayList<>();

    CheckBeans(
            HealthCheckRegistry registry,
            OwnChecks own,
            SettingsByName settings,
            boolean validateNames,
            ConfigurableListableBeanFactory beans) {
        this.registry = registry;
        this.own = own;
        this.settings = settings;
        this.validateNames = validateNames;
        this.beans = beans;
    }

    @Override
    public void afterSingletonsInstantiated() {
        addListeners();
        registerBeans();
        Set<String> paths = registerNamed();
        if (validateNames && !beans.containsLocalBean(HealthcheckActuatorAutoConfiguration.WALK)) {
            paths.addAll(registry.names());
            settings.requireKnown(paths, Set.of());
        }
    }

    private void addListeners() {
        for (String bean : namesOf(HealthListener.class)) {
            HealthListener listener = beans.getBean(bean, HealthListener.class);
            registry.addListener(listener);
            ends.add(() -> registry.removeListener(listener));
        }
    }

    private void registerBeans() {
        for (String bean : namesOf(HealthCheck.class)) {
            requireNoRequest(bean);
            String name = nameOf(bean);
            register("bean " + bean + ": ", name, name, beans.getBean(bean, HealthCheck.class));
        }
    }

    /** A proxy hides until a run that its scope has no bean there. */
    private void requireNoRequest(String bean) {
        String target = ScopedProxyUtils.getTargetBeanName(bean);
        String scope = beans.containsBeanDefinition(target)
                ? beans.getMergedBeanDefinition(target).getScope()
                : null;
        if (scope != null && OF_REQUESTS.contains(scope)) {
            throw new InvalidSettingsException(
                    "bean " + bean + ": scope " + scope + " (expected: a scope that needs no request)",
                    "Give the bean another scope. Checks run on threads of the registry, which have no request.",
                    null);
        }
    }

    /** Returns the names of all beans of a type. A scoped bean is there once, by its proxy. */
    private List<String> namesOf(Class<?> type) {
        return Stream.of(beans.getBeanNamesForType(type))
                .filter(bean -> !ScopedProxyUtils.isScopedTarget(bean))
                .toList();
    }

    /** Returns the paths that there may be settings for. */
    private Set<String> registerNamed() {
        Set<String> paths = new HashSet<>();
        for (NamedChecks named : beans.getBeansOfType(NamedChecks.class).values()) {
            paths.addAll(named.paths());
            named.byPath().forEach((path, check) -> {
                if (settings.of(path).enabled()) {
                    String name = CheckNames.of(path, new HashSet<>(registry.names()));
                    register("healthcheck.checks.", path, name, check.get());
                }
            });
        }
        return paths;
    }

    private void register(String origin, String path, String name, HealthCheck check) {
        try {
            ends.add(own.register(name, check, settings.of(path)::applyTo));
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingsException(origin + e.getMessage(), e);
        }
    }

    /** Returns the name of the check of a bean. */
    static String nameOf(String bean) {
        return CheckNames.of(withoutEnd(bean), Set.of());
    }

    private static String withoutEnd(String bean) {
        int length = bean.length() - END.length();
        boolean hasEnd = length > 0 && bean.regionMatches(true, length, END, 0, END.length());
        return hasEnd ? bean.substring(0, length) : bean;
    }

    @Override
    public void destroy() {
        ends.forEach(Runnable::run);
    }
}
