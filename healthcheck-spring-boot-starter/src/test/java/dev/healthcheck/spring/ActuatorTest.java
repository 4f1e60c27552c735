package dev.healthcheck.spring;

import static dev.healthcheck.spring.Contexts.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.AdditionalPathsMapper;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;

class ActuatorTest {

    @Test
    void the_endpoint_shows_indicators_that_run_in_the_registry() {
        Switch mine = new Switch();
        mine.says = Health.up().withDetail("a", 1).build();

        Contexts.patient()
                .withBean("mineHealthIndicator", Switch.class, () -> mine)
                .run(context -> {
                    assertThat(context.getBean(HealthCheckRegistry.class).names())
                            .containsExactlyInAnyOrder("diskSpace", "mine");
                    HealthDescriptor whole = endpoint(context).health();
                    assertThat(whole.getStatus()).isEqualTo(Status.UP);
                    assertThat(((CompositeHealthDescriptor) whole).getComponents())
                            .containsOnlyKeys("diskSpace", "mine", "ping");
                    assertThat(((IndicatedHealthDescriptor) endpoint(context).healthForPath("mine")).getDetails())
                            .containsExactly(Map.entry("a", 1));
                    assertThat(context.getBean(HealthCheckRegistry.class)
                                    .latest("mine")
                                    .orElseThrow()
                                    .details())
                            .containsExactly(Map.entry("a", 1));
                });
    }

    @Tag("slow")
    @Test
    void rules_of_security_still_find_the_additional_paths_of_groups() {
        Contexts.patient()
                .withPropertyValues(
                        "management.endpoint.health.group.deep.include=ping",
                        "management.endpoint.health.group.deep.additional-path=server:/deep")
                .run(context -> assertThat(context.getBean(HealthEndpointGroups.class))
                        .isInstanceOfSatisfying(AdditionalPathsMapper.class, groups -> assertThat(
                                        groups.getAdditionalPaths(EndpointId.of("health"), WebServerNamespace.SERVER))
                                .containsExactly("/deep")));
    }

    @Tag("slow")
    @Test
    void an_indicator_runs_once_for_an_answer_and_not_for_a_question_about_another() {
        Switch one = new Switch();
        Switch two = new Switch();

        Contexts.patient()
                .withPropertyValues("healthcheck.checks.one.cache-for=0s", "healthcheck.checks.two.cache-for=0s")
                .withBean("one", Switch.class, () -> one)
                .withBean("two", Switch.class, () -> two)
                .run(context -> {
                    endpoint(context).health();
                    assertThat(one.runs).hasValue(1);
                    assertThat(two.runs).hasValue(1);

                    endpoint(context).healthForPath("one");
                    assertThat(one.runs).hasValue(2);
                    assertThat(two.runs).hasValue(1);
                });
    }

    @Tag("slow")
    @Test
    void an_answer_that_broke_off_leaves_nothing_to_the_next_on_its_thread() {
        AtomicBoolean isBroken = new AtomicBoolean(true);
        HealthIndicator broken = () -> {
            assertThat(isBroken).isFalse();
            return Health.up().build();
        };
        Switch late = new Switch();

        Contexts.patient()
                .withPropertyValues("healthcheck.checks.broken.inline=true", "healthcheck.checks.late.cache-for=0s")
                .withBean("broken", HealthIndicator.class, () -> broken)
                .withBean("late", Switch.class, () -> late)
                .run(context -> {
                    assertThatThrownBy(() -> endpoint(context).health()).isInstanceOf(AssertionError.class);
                    isBroken.set(false);
                    HealthCheckRegistry checks = context.getBean(HealthCheckRegistry.class);
                    await().untilAsserted(() -> assertThat(
                                    checks.latest("late").orElseThrow().status())
                            .hasToString("UP"));
                    late.says = Health.down().build();

                    assertThat(endpoint(context).healthForPath("late").getStatus())
                            .isEqualTo(Status.DOWN);
                    assertThat(late.runs).hasValue(2);
                });
    }

    @Tag("slow")
    @Test
    void a_contributor_may_come_late_and_go() {
        Contexts.patient().run(context -> {
            HealthContributorRegistry contributors = context.getBean(HealthContributorRegistry.class);
            HealthCheckRegistry checks = context.getBean(HealthCheckRegistry.class);
            Switch late = new Switch();
            late.says = Health.down().build();

            contributors.registerContributor("late", late);
            assertThat(endpoint(context).health().getStatus()).isEqualTo(Status.DOWN);
            assertThat(checks.names()).contains("late");

            assertThat(contributors.unregisterContributor("late")).isSameAs(late);
            assertThat(endpoint(context).health().getStatus()).isEqualTo(Status.UP);
            assertThat(checks.names()).doesNotContain("late");

            contributors.registerContributor("late", new Switch());
            assertThat(endpoint(context).healthForPath("late").getStatus()).isEqualTo(Status.UP);
        });
    }

    @Tag("slow")
    @Test
    void a_composite_may_grow_and_shrink() {
        Growing tenants = new Growing();
        tenants.add("t1");

        Contexts.patient().withBean("tenants", Growing.class, () -> tenants).run(context -> {
            HealthCheckRegistry checks = context.getBean(HealthCheckRegistry.class);
            assertThat(checks.names()).contains("tenants.t1");

            tenants.add("t2");
            tenants.state.put("t2", false);
            assertThat(endpoint(context).healthForPath("tenants", "t2").getStatus())
                    .isEqualTo(Status.DOWN);
            assertThat(endpoint(context).health().getStatus()).isEqualTo(Status.DOWN);
            assertThat(checks.names()).contains("tenants.t1", "tenants.t2");

            tenants.state.remove("t2");
            assertThat(endpoint(context).health().getStatus()).isEqualTo(Status.UP);
            assertThat(checks.names()).contains("tenants.t1").doesNotContain("tenants.t2");
            assertThat(endpoint(context).healthForPath("tenants", "t2")).isNull();
        });
    }

    @Tag("slow")
    @Test
    void an_answer_lists_a_composite_once() {
        Growing inner = new Growing();
        inner.add("t1");
        Growing outer = new Growing(Map.of("inner", inner));

        Contexts.patient()
                .withPropertyValues("healthcheck.checks.outer.cache-for=0s")
                .withBean("outer", Growing.class, () -> outer)
                .run(context -> {
                    for (int i = 0; i < 2; i++) {
                        outer.listed.set(0);
                        inner.listed.set(0);
                        inner.add("t2");
                        inner.state.put("t1", i == 0);
                        assertThat(endpoint(context).health().getStatus()).isEqualTo(i == 0 ? Status.UP : Status.DOWN);
                        assertThat(outer.listed).hasValue(1);
                        assertThat(inner.listed).hasValue(1);
                    }
                    outer.listed.set(0);
                    endpoint(context).healthForPath("outer");
                    assertThat(outer.listed).hasValue(1);
                });
    }

    @Tag("slow")
    @Test
    void a_change_of_readiness_shows_at_the_very_next_question() {
        Contexts.patient()
                .withPropertyValues("management.health.readinessstate.enabled=true")
                .run(context -> {
                    AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
                    assertThat(endpoint(context).healthForPath("readinessState").getStatus())
                            .isEqualTo(Status.UP);
                    AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
                    assertThat(endpoint(context).healthForPath("readinessState").getStatus())
                            .isEqualTo(Status.OUT_OF_SERVICE);
                });
    }

    @Tag("slow")
    @Test
    void checks_of_the_application_are_shown_whenever_they_are_registered() {
        Contexts.patient()
                .withPropertyValues("management.endpoint.health.group.mine.include=orders")
                .withBean(
                        "ordersHealthCheck",
                        HealthCheck.class,
                        () -> () -> CheckResult.degraded("slow").withReason("backlog"))
                .run(context -> {
                    assertThat(endpoint(context)
                                    .healthForPath("orders")
                                    .getStatus()
                                    .getCode())
                            .isEqualTo("DEGRADED");
                    assertThat(endpoint(context).health().getStatus()).isEqualTo(Status.UP);
                    assertThat(endpoint(context)
                                    .healthForPath("mine")
                                    .getStatus()
                                    .getCode())
                            .isEqualTo("DEGRADED");

                    HealthCheckRegistry checks = context.getBean(HealthCheckRegistry.class);
                    var registration = checks.register("later", () -> CheckResult.down("no route"));
                    await().untilAsserted(() ->
                            assertThat(endpoint(context).health().getStatus()).isEqualTo(Status.DOWN));
                    registration.close();
                    await().untilAsserted(() ->
                            assertThat(endpoint(context).healthForPath("later")).isNull());
                });
    }

    @Tag("slow")
    @Test
    void the_beans_of_indicators_stay_as_they_are() {
        Switch mine = new Switch();

        Contexts.patient().withBean("mine", Switch.class, () -> mine).run(context -> assertThat(context.getBean("mine"))
                .isSameAs(mine));
    }

    @Tag("slow")
    @Test
    void what_is_turned_off_is_not_touched() {
        Contexts.actuator()
                .withPropertyValues("healthcheck.actuator.wrap=false")
                .run(context -> assertThat(
                                context.getBean(HealthContributorRegistry.class).getContributor("diskSpace"))
                        .isSameAs(context.getBean("diskSpaceHealthIndicator")));
        Contexts.actuator().withPropertyValues("healthcheck.enabled=false").run(context -> assertThat(context)
                .doesNotHaveBean(HealthCheckRegistry.class));
        Contexts.actuator()
                .withPropertyValues("management.endpoint.health.access=NONE")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(Bridge.class));
    }

    @Tag("slow")
    @Test
    void lazy_initialization_makes_no_difference() {
        Contexts.patient()
                .withInitializer(context -> context.addBeanFactoryPostProcessor(
                        new org.springframework.boot.LazyInitializationBeanFactoryPostProcessor()))
                .run(context -> assertThat(
                                context.getBean(HealthCheckRegistry.class).names())
                        .containsExactly("diskSpace"));
    }

    /** A composite that makes new indicators each time, as routing ones do. */
    private static final class Growing implements CompositeHealthContributor {
        final Map<String, Boolean> state = new ConcurrentSkipListMap<>();
        final AtomicInteger listed = new AtomicInteger();
        private final Map<String, HealthContributor> others;

        Growing() {
            this(Map.of());
        }

        Growing(Map<String, HealthContributor> others) {
            this.others = others;
        }

        void add(String name) {
            state.put(name, true);
        }

        @Override
        public HealthContributor getContributor(String name) {
            if (others.containsKey(name)) {
                return others.get(name);
            }
            Boolean isUp = state.get(name);
            HealthIndicator indicator =
                    () -> Health.status(isUp ? Status.UP : Status.DOWN).build();
            return isUp == null ? null : indicator;
        }

        @Override
        public Stream<Entry> stream() {
            listed.incrementAndGet();
            return Stream.concat(others.keySet().stream(), state.keySet().stream())
                    .map(name -> new Entry(name, getContributor(name)));
        }
    }
}
