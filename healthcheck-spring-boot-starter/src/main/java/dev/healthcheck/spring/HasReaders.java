package dev.healthcheck.spring;

import dev.healthcheck.http.HealthEndpoint;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Conditional;

/**
 * Matches if the registry has readers: Actuator or an endpoint of this library. It has none in an application with
 * {@code healthcheck.actuator.wrap=false} and without such an endpoint; only the application's own code may read it then.
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
