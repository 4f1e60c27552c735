package dev.healthcheck.spring;

import dev.healthcheck.redis.RedisHealthCheck;
import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.RedisCodec;
import java.util.Map;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.SimpleAutowireCandidateResolver;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.data.redis.health.DataRedisHealthIndicator;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Auto-configuration of a {@link RedisHealthCheck} in the place of Spring's indicator {@code redis}, for the same connection
 * factories and under the same names. The property {@code healthcheck.redis.enabled=false} turns it off.
 */
@AutoConfiguration(
        after = HealthcheckActuatorAutoConfiguration.class,
        afterName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
        beforeName = {
            "org.springframework.boot.data.redis.autoconfigure.health.DataRedisHealthContributorAutoConfiguration",
            "org.springframework.boot.data.redis.autoconfigure.health.DataRedisReactiveHealthContributorAutoConfiguration"
        })
@ConditionalOnClass({
    RedisHealthCheck.class,
    LettuceConnectionFactory.class,
    DataRedisHealthIndicator.class,
    ConditionalOnEnabledHealthIndicator.class
})
@ConditionalOnBean({Bridge.class, RedisConnectionFactory.class})
@ConditionalOnBooleanProperty(name = "healthcheck.redis.enabled", matchIfMissing = true)
@ConditionalOnEnabledHealthIndicator("redis")
final class HealthcheckRedisAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = {"redisHealthIndicator", "redisHealthContributor"})
    HealthContributor redisHealthContributor(ConfigurableListableBeanFactory beans) {
        Map<String, RedisConnectionFactory> factories =
                SimpleAutowireCandidateResolver.resolveAutowireCandidates(beans, RedisConnectionFactory.class);
        return factories.size() == 1
                ? contributor(factories.values().iterator().next())
                : CompositeHealthContributor.fromMap(factories, HealthcheckRedisAutoConfiguration::contributor);
    }

    private static HealthContributor contributor(RedisConnectionFactory factory) {
        return factory instanceof LettuceConnectionFactory lettuce && hasAddress(lettuce)
                ? new SubstituteIndicator(
                        "healthcheck.redis.enabled", () -> RedisHealthCheck.of(lettuce::getNativeClient))
                : new DataRedisHealthIndicator(factory);
    }

    /**
     * Returns whether the client knows where Redis is. The client for a static master with replicas does not: Spring tells
     * it the addresses with each connection.
     */
    private static boolean hasAddress(LettuceConnectionFactory factory) {
        try {
            return !(factory.getNativeClient() instanceof RedisClient client) || hasAddress(client);
        } catch (IllegalStateException e) { // not started
            return false;
        }
    }

    /** No method of the client tells it. Connecting without a codec fails in either case, and the exceptions differ. */
    @SuppressWarnings("NullAway") // the null is what the client refuses
    private static boolean hasAddress(RedisClient client) {
        try {
            client.connect((RedisCodec<?, ?>) null).close();
            return true;
        } catch (IllegalStateException e) {
            return false;
        } catch (IllegalArgumentException e) {
            return true;
        }
    }
}
