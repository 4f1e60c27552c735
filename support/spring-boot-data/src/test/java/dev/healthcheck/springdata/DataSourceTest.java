package dev.healthcheck.springdata;

import static dev.healthcheck.springdata.Applications.details;
import static dev.healthcheck.springdata.Applications.health;
import static dev.healthcheck.springdata.Applications.paths;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthCheckRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.health.DataSourceHealthIndicator;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadata;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

class DataSourceTest {
    private final ApplicationContextRunner application = Applications.runner();

    @Test
    void a_data_source_is_the_check_db_with_the_details_of_Spring() {
        application.run(context -> {
            assertThat(health(context, "db").getStatus()).isEqualTo(Status.UP);
            assertThat(details(context, "db"))
                    .containsOnlyKeys("database", "validationQuery", "pool")
                    .containsEntry("validationQuery", "isValid()")
                    .hasEntrySatisfying("database", database -> assertThat((String) database)
                            .startsWith("H2"));
            assertThat(context.getBean(HealthCheckRegistry.class).names()).contains("db");
            assertThat(context).doesNotHaveBean(DataSourceHealthIndicator.class);
        });
    }

    @ParameterizedTest
    @ValueSource(classes = {One.class, Several.class, Routing.class, WrappedRouting.class, NoCandidates.class})
    void the_paths_are_those_of_Spring(Class<?> configuration) {
        assertPathsOfSpring(application.withUserConfiguration(configuration));
        assertPathsOfSpring(application
                .withUserConfiguration(configuration, Several.class)
                .withPropertyValues("management.health.db.ignore-routing-data-sources=true"));
    }

    private static void assertPathsOfSpring(ApplicationContextRunner application) {
        AtomicReference<Set<String>> plain = new AtomicReference<>();
        application.withPropertyValues("healthcheck.jdbc.enabled=false").run(context -> plain.set(paths(context)));
        application.run(context -> {
            assertThat(paths(context)).isEqualTo(plain.get()).anyMatch(path -> path.startsWith("/db"));
            assertThat(health(context, "db").getStatus()).isEqualTo(Status.UP);
        });
    }

    @Test
    void settings_of_db_hold_for_all_data_sources_and_those_of_a_path_for_one() {
        application
                .withUserConfiguration(Several.class)
                .withPropertyValues("healthcheck.checks.db.timeout=11s", "healthcheck.checks[db/second].timeout=12s")
                .run(context -> {
                    HealthCheckRegistry registry = context.getBean(HealthCheckRegistry.class);
                    assertThat(timeout(registry, "db.first")).isEqualTo(Duration.ofSeconds(11));
                    assertThat(timeout(registry, "db.second")).isEqualTo(Duration.ofSeconds(12));
                });
    }

    private static Duration timeout(HealthCheckRegistry registry, String check) {
        return registry.latest(check).map(CheckReport::timeout).orElseThrow();
    }

    @Test
    void a_failure_has_a_reason() {
        application.withUserConfiguration(Broken.class).run(context -> {
            assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
            assertThat(details(context, "db"))
                    .hasEntrySatisfying(
                            "healthcheck", block -> assertThat(block).asString().contains("reason=unreachable"));
        });
    }

    @Test
    void the_query_by_which_the_pool_tests_its_connections_is_the_query_of_the_check() {
        application
                .withPropertyValues("spring.datasource.hikari.connection-test-query=SELECT 42")
                .run(context -> {
                    assertThat(health(context, "db").getStatus()).isEqualTo(Status.UP);
                    assertThat(details(context, "db")).containsEntry("validationQuery", "SELECT 42");
                });
        DataSourcePoolMetadataProvider provider = source -> new Pool("SELECT nothing FROM nowhere");
        application
                .withUserConfiguration(One.class)
                .withBean(DataSourcePoolMetadataProvider.class, () -> provider)
                .run(context -> assertThat(details(context, "db"))
                        .hasEntrySatisfying(
                                "healthcheck",
                                block -> assertThat(block).asString().contains("reason=query-failed")));
    }

    /** Metadata of a pool that tells only how it tests its connections. */
    private record Pool(String getValidationQuery) implements DataSourcePoolMetadata {
        @Override
        public Float getUsage() {
            return null;
        }

        @Override
        public Integer getActive() {
            return null;
        }

        @Override
        public Integer getMax() {
            return null;
        }

        @Override
        public Integer getMin() {
            return null;
        }

        @Override
        public Boolean getDefaultAutoCommit() {
            return null;
        }
    }

    @Test
    void the_bean_answers_callers_that_pass_the_endpoint_by() {
        application.run(context -> {
            Health health = context.getBean("dbHealthContributor", HealthIndicator.class)
                    .health();
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails()).containsKey("database");
        });
    }

    @Test
    void Spring_keeps_its_indicator_if_the_application_says_so() {
        application.withPropertyValues("healthcheck.jdbc.enabled=false").run(context -> {
            assertThat(context).hasSingleBean(DataSourceHealthIndicator.class);
            assertThat(context.getBean(HealthCheckRegistry.class).names()).contains("db");
        });
        application.withPropertyValues("healthcheck.actuator.wrap=false").run(context -> assertThat(context)
                .hasSingleBean(DataSourceHealthIndicator.class));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "management.health.db.enabled=false",
                "management.health.defaults.enabled=false",
                "healthcheck.checks.db.enabled=false"
            })
    void there_is_no_check_if_the_application_turns_it_off(String property) {
        application.withPropertyValues(property).run(context -> {
            assertThat(paths(context)).doesNotContain("/db");
            assertThat(context.getBean(HealthCheckRegistry.class).names()).doesNotContain("db");
        });
    }

    @Test
    void an_indicator_of_the_application_with_this_name_stays() {
        HealthIndicator own = () -> Health.up().withDetail("mine", true).build();

        application
                .withBean("dbHealthIndicator", HealthIndicator.class, () -> own)
                .run(context -> assertThat(details(context, "db")).isEqualTo(Map.of("mine", true)));
    }

    @Test
    void the_check_cannot_run_on_the_thread_of_the_request() {
        application.withPropertyValues("healthcheck.checks.db.inline=true").run(context -> assertThat(context)
                .getFailure()
                .hasMessage("healthcheck.checks.db.inline: true (expected: false, or healthcheck.jdbc.enabled=false)"));
    }

    /** The registry is that of a parent, because a context closes a registry of its own. */
    @Test
    void the_checks_end_with_the_context() {
        try (GenericApplicationContext parent = new GenericApplicationContext()) {
            parent.registerBean(HealthCheckRegistry.class, HealthCheckRegistry::create);
            parent.refresh();
            HealthCheckRegistry registry = parent.getBean(HealthCheckRegistry.class);

            Applications.impatient()
                    .withParent(parent)
                    .withUserConfiguration(Several.class)
                    .run(context -> assertThat(registry.names()).contains("db.first", "db.second"));

            assertThat(registry.names()).isEmpty();
        }
    }

    private static DataSource h2(String name) {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
        return source;
    }

    private static AbstractRoutingDataSource routing() {
        AbstractRoutingDataSource routing = new AbstractRoutingDataSource() {
            @Override
            protected Object determineCurrentLookupKey() {
                return "east";
            }
        };
        routing.setTargetDataSources(Map.of("east", h2("east"), "west", h2("west")));
        routing.afterPropertiesSet();
        return routing;
    }

    @Configuration(proxyBeanMethods = false)
    static class One {
        @Bean
        DataSource only() {
            return h2("only");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Several {
        @Bean
        DataSource first() {
            return h2("first");
        }

        @Bean
        DataSource second() {
            return h2("second");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Routing {
        @Bean
        DataSource routing() {
            return DataSourceTest.routing();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WrappedRouting {
        @Bean
        DataSource wrapped() {
            return new DelegatingDataSource(DataSourceTest.routing());
        }
    }

    /** Spring leaves out the first of them, and asks the second. */
    @Configuration(proxyBeanMethods = false)
    static class NoCandidates {
        @Bean
        DataSource visible() {
            return h2("visible");
        }

        @Bean(autowireCandidate = false)
        DataSource hidden() {
            return h2("hidden");
        }

        @Bean(defaultCandidate = false)
        DataSource byQualifier() {
            return h2("qualified");
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Broken {
        @Bean
        DataSource broken() {
            JdbcDataSource source = new JdbcDataSource();
            source.setURL("jdbc:h2:mem:nowhere;IFEXISTS=TRUE");
            return source;
        }
    }
}
