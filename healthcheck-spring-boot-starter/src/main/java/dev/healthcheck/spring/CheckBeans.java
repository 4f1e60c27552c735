package dev.healthcheck.spring;

import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthListener;
import dev.healthcheck.Registration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Registers the beans of one application context that are checks or listeners, for as long as the context lives. Not before
 * all beans are there, because such a bean may itself depend on the registry.
 */
final class CheckBeans implements SmartInitializingSingleton, DisposableBean {
    private static final String END = "healthcheck";

    private final HealthCheckRegistry registry;
    private final SettingsByName settings;
    private final boolean validateNames;
    private final ConfigurableListableBeanFactory beans;
    private final List<Runnable> ends = new ArrayList<>();

    CheckBeans(
            HealthCheckRegistry registry,
            SettingsByName settings,
            boolean validateNames,
            ConfigurableListableBeanFactory beans) {
        this.registry = registry;
        this.settings = settings;
        this.validateNames = validateNames;
        this.beans = beans;
    }

    @Override
    public void afterSingletonsInstantiated() {
        for (String bean : beans.getBeanNamesForType(HealthListener.class)) {
            HealthListener listener = beans.getBean(bean, HealthListener.class);
            registry.addListener(listener);
            ends.add(() -> registry.removeListener(listener));
        }
        for (String bean : beans.getBeanNamesForType(HealthCheck.class)) {
            register(bean, beans.getBean(bean, HealthCheck.class));
        }
        if (validateNames && !beans.containsLocalBean(HealthcheckActuatorAutoConfiguration.WALK)) {
            settings.requireKnown(new HashSet<>(registry.names()), Set.of());
        }
    }

    private void register(String bean, HealthCheck check) {
        String name = nameOf(bean);
        try {
            Registration registration = registry.register(name, check, settings.of(name)::applyTo);
            ends.add(registration::close);
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingsException("bean " + bean + ": " + e.getMessage(), e);
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
