package dev.healthcheck.spring;

import dev.healthcheck.http.HealthEndpoint;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Conditional;

/**
 * Whether anybody may read the registry besides code of the application that registers its own checks. Nobody does in an
 * application that keeps its Actuator as Spring makes it, and has no endpoint of this library.
 */
final class HasReaders extends AnyNestedCondition {
    HasReaders() {
        super(ConfigurationPhase.REGISTER_BEAN);
    }

    @ConditionalOnBooleanProperty(name = "healthcheck.actuator.wrap", matchIfMissing = true)
    static class NotPlainActuator {}

    @Conditional(OwnEndpointConfiguration.WithoutActuator.class)
    static class NoActuator {}

    @ConditionalOnBean(HealthEndpoint.class)
    static class OwnEndpoint {}
}
