package dev.healthcheck.spring;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.redis.RedisHealthCheck;
import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.RedisCodec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.SimpleAutowireCandidateResolver;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.data.redis.health.DataRedisHealthIndicator;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Auto-configuration of a {@link RedisHealthCheck} for each connection factory that Spring's indicator {@code redis} asks.
 * It takes the place and the names of that indicator. The property {@code healthcheck.redis.enabled=false} turns it off.
 */
@AutoConfiguration(
        after = HealthcheckActuatorAutoConfiguration.class,
        afterName = "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
        beforeName = {
            "org.springframework.boot.data.redis.autoconfigure.health.DataRedisHealthContributorAutoConfiguration",
            "org.springframework.boot.data.redis.autoconfigure.health.DataRedisReactiveHealthContributorAutoConfiguration"
        })
@ConditionalOnClass({RedisHealthCheck.class, LettuceConnectionFactory.class})
@ConditionalOnBean({HealthCheckRegistry.class, RedisConnectionFactory.class})
@ConditionalOnBooleanProperty(
        name = {"healthcheck.enabled", "healthcheck.redis.enabled"},
        matchIfMissing = true)
@ConditionalOnEnabledHealthIndicator("redis")
final class HealthcheckRedisAutoConfiguration {

    private static <T> T arranged(
            ConfigurableListableBeanFactory beans,
            Arrangement<T> arrangement,
            Function<RedisConnectionFactory, T> others) {
        Map<String, T> each = new LinkedHashMap<>();
        SimpleAutowireCandidateResolver.resolveAutowireCandidates(beans, RedisConnectionFactory.class)
                .forEach((name, factory) -> each.put(name, of(factory, arrangement, others)));
        return each.size() == 1 ? each.values().iterator().next() : arrangement.several(each);
    }

    private static <T> T of(
            RedisConnectionFactory factory, Arrangement<T> arrangement, Function<RedisConnectionFactory, T> others) {
        return factory instanceof LettuceConnectionFactory lettuce && hasAddress(lettuce)
                ? arrangement.one(() -> RedisHealthCheck.of(lettuce::getNativeClient))
                : others.apply(factory);
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
    @SuppressWarnings("NullAway") // passes null on purpose: the client then throws before it connects
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

    /** For Actuator in the registry. Spring keeps its indicator of factories that we cannot ask. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBean(Bridge.class)
    static class InActuator {

        @Bean
        @ConditionalOnMissingBean(name = {"redisHealthIndicator", "redisHealthContributor"})
        HealthContributor redisHealthContributor(ConfigurableListableBeanFactory beans) {
            return arranged(
                    beans, SubstituteIndicator.arrangement("healthcheck.redis.enabled"), DataRedisHealthIndicator::new);
        }
    }

    /** For the registry alone. */
    @Configuration(proxyBeanMethods = false)
    @Conditional(HasReaders.class)
    @ConditionalOnMissingBean(Bridge.class)
    static class Alone {

        @Bean
        @ConditionalOnMissingBean(name = {"redis", "redisHealthCheck"})
        NamedChecks healthcheckRedisChecks(ConfigurableListableBeanFactory beans) {
            return arranged(beans, NamedChecks.below("redis"), factory -> new NamedChecks(Map.of()));
        }
    }
}
