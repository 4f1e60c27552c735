package dev.healthcheck.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthListener;
import dev.healthcheck.StatusChange;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;

@Tag("slow")
class ScopedBeansTest {
    private static final String SCOPE = "thread";

    @Test
    void a_bean_with_a_scope_is_one_check_or_one_listener() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(HealthcheckAutoConfiguration.class))
                .withInitializer(context -> context.getBeanFactory().registerScope(SCOPE, new SimpleThreadScope()))
                .withUserConfiguration(Scoped.class)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    HealthCheckRegistry registry = context.getBean(HealthCheckRegistry.class);
                    assertThat(registry.names()).containsExactly("orders");

                    registry.register("last", CheckResult::up);
                    AtomicInteger events = context.getBean(AtomicInteger.class);
                    await().untilAsserted(() -> assertThat(events).hasPositiveValue());
                    registry.close();
                    assertThat(events).hasValue(1);
                });
    }

    @Configuration(proxyBeanMethods = false)
    static class Scoped {
        @Bean
        AtomicInteger events() {
            return new AtomicInteger();
        }

        @Bean
        @Scope(scopeName = SCOPE, proxyMode = ScopedProxyMode.INTERFACES)
        HealthCheck ordersHealthCheck() {
            return CheckResult::up;
        }

        @Bean
        @Scope(scopeName = SCOPE, proxyMode = ScopedProxyMode.INTERFACES)
        HealthListener listener(AtomicInteger events) {
            return new HealthListener() {
                @Override
                public void onRegistered(String check) {
                    if (check.equals("last")) {
                        events.incrementAndGet();
                    }
                }

                @Override
                public void onChange(StatusChange change) {
                    // only registrations matter here
                }
            };
        }
    }
}
