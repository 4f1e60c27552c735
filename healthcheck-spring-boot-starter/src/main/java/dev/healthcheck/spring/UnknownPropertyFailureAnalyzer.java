package dev.healthcheck.spring;

import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.annotation.Order;

/**
 * Tells an application that has a property below {@code healthcheck} which this library does not know: a typo, or one of
 * the application's own. Comes before Spring's analyzer, which does not say to whom that prefix belongs.
 */
@Order(0)
final class UnknownPropertyFailureAnalyzer extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException> {
    private static final String PREFIX = "healthcheck";

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, UnboundConfigurationPropertiesException cause) {
        boolean isOurs = cause.getUnboundProperties().stream()
                .allMatch(property ->
                        property.getName().getElement(0, Form.UNIFORM).equals(PREFIX));
        return isOurs ? analysis(cause) : null;
    }

    private static FailureAnalysis analysis(UnboundConfigurationPropertiesException cause) {
        String unknown = cause.getUnboundProperties().stream()
                .map(UnknownPropertyFailureAnalyzer::described)
                .collect(Collectors.joining(", "));
        return new FailureAnalysis(
                "healthcheck-spring-boot-starter does not know " + unknown + ".",
                "Correct the name. If it is a property of the application itself, give it another prefix: everything below"
                        + " healthcheck belongs to healthcheck-spring-boot-starter, so that a typo there does not pass"
                        + " unnoticed.",
                cause);
    }

    private static String described(ConfigurationProperty property) {
        return property.getOrigin() == null
                ? property.getName().toString()
                : property.getName() + " (" + property.getOrigin() + ")";
    }
}
