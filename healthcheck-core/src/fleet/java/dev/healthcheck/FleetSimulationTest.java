package dev.healthcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.healthcheck.FleetSettings.Course;
import dev.healthcheck.FleetSettings.Probing;
import java.time.Duration;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** What an outage of 30 s of the shared database does to a fleet that gets requests for 50 s. */
class FleetSimulationTest {
    private static final Offset<Double> POINTS = within(3.0);

    /** The share of the requests that come while the database is away. */
    private static final double OUTAGE = 60;

    @Test
    void the_same_settings_give_the_same_result() {
        FleetSettings settings = FleetSettings.of(FleetPolicy.REQUIRED);

        assertThat(FleetSimulation.run(settings)).isEqualTo(FleetSimulation.run(settings));
        assertThat(FleetSimulation.run(settings.withSeed(2))).isNotEqualTo(FleetSimulation.run(settings));
    }

    @Test
    void a_required_check_fails_the_requests_that_could_do_without_the_database() {
        FleetResult result = three(FleetPolicy.REQUIRED);

        assertThat(result.percent(result.failed())).isCloseTo(OUTAGE, POINTS);
        assertThat(result.degraded()).as("until the balancer has counted").isPositive();
        assertThat(result.percent(result.degraded())).isLessThan(3);
    }

    @Test
    void with_a_required_check_users_wait_for_the_balancer_when_the_database_is_back() {
        Probing probing = Probing.DEFAULT;

        assertThat(three(FleetPolicy.REQUIRED).recovery())
                .isBetween(
                        probing.interval().dividedBy(2),
                        probing.interval().multipliedBy(probing.rise()).plusMillis(100));
    }

    @Test
    void an_optional_check_leaves_the_fleet_in_the_balancer() {
        FleetResult result = three(FleetPolicy.OPTIONAL);

        assertThat(result.percent(result.degraded())).isCloseTo(OUTAGE / 2 - shareOfTheRestarted() / 2, POINTS);
        assertThat(result.recovery()).isZero();
    }

    @Test
    void an_instance_that_restarts_during_the_outage_gets_requests_if_the_check_is_optional() {
        FleetResult with = three(FleetPolicy.OPTIONAL);
        FleetResult without =
                FleetSimulation.run(FleetSettings.of(FleetPolicy.OPTIONAL).withRestarted(0));

        assertThat(with.percent(with.failed()) - without.percent(without.failed()))
                .isCloseTo(shareOfTheRestarted() / 2, within(2.0));
    }

    @Test
    void an_instance_that_restarts_during_the_outage_waits_for_the_database_if_the_check_is_required_to_start() {
        FleetResult with = three(FleetPolicy.REQUIRED_TO_START);
        FleetResult without = FleetSimulation.run(
                FleetSettings.of(FleetPolicy.REQUIRED_TO_START).withRestarted(0));

        assertThat(with.failed()).isCloseTo(without.failed(), within(30L));
        assertThat(with.percent(with.degraded())).isCloseTo(OUTAGE / 2, POINTS);
        assertThat(with.recovery()).isZero();
    }

    @Test
    void a_check_in_liveness_restarts_the_whole_fleet_again_and_again() {
        int asPlanned = 1;

        assertThat(three(FleetPolicy.REQUIRED).restarts()).isEqualTo(asPlanned);
        assertThat(three(FleetPolicy.OPTIONAL).restarts()).isEqualTo(asPlanned);
        assertThat(three(FleetPolicy.REQUIRED_TO_START).restarts()).isEqualTo(asPlanned);
        assertThat(three(FleetPolicy.IN_LIVENESS).restarts()).isGreaterThan(3 * 3);
    }

    @Test
    void a_thousand_instances_fare_as_three_do() {
        for (FleetPolicy policy : FleetPolicy.values()) {
            FleetSettings settings = FleetSettings.of(policy);
            FleetResult three = FleetSimulation.run(settings);
            FleetResult many = FleetSimulation.run(settings.withInstances(1000));

            assertThat(many.requests()).isEqualTo(1000 * three.requests() / 3);
            assertThat(many.percent(many.served())).as("%s", policy).isCloseTo(three.percent(three.served()), POINTS);
            assertThat(many.percent(many.failed())).as("%s", policy).isCloseTo(three.percent(three.failed()), POINTS);
            assertThat(many.recovery()).as("%s", policy).isCloseTo(three.recovery(), Duration.ofSeconds(2));
        }
    }

    @Test
    void whenever_the_probes_come_the_shares_stay_the_same() {
        for (FleetPolicy policy : FleetPolicy.values()) {
            FleetSettings settings = FleetSettings.of(policy);
            FleetResult first = FleetSimulation.run(settings);
            for (long seed = 2; seed < 20; seed++) {
                FleetRun other = new FleetRun(settings, FleetSimulation.run(settings.withSeed(seed)));

                assertThat(FleetAgreement.differences(other, first)).isEmpty();
            }
        }
    }

    private static FleetResult three(FleetPolicy policy) {
        return FleetSimulation.run(FleetSettings.of(policy));
    }

    /** Returns the share of the requests that reach an instance that has started during the outage, if it is optional. */
    private static double shareOfTheRestarted() {
        Course course = Course.DEFAULT;
        Duration gone = course.restartAfter().plus(course.restart());
        double share = (course.outage().toMillis() - gone.toMillis())
                / (double) course.outage().toMillis();
        return share * OUTAGE / 3;
    }
}
