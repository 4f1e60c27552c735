package dev.healthcheck.spring;

import dev.healthcheck.CheckOptions;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties of an application that are about its health checks. Immutable.
 *
 * @param enabled whether there is a registry at all
 * @param answerWithin the longest time that a question takes, whatever the checks do
 * @param validateNames whether the start fails if there is no check of a name below healthcheck.checks
 * @param warmUpAtMost the longest time for which the web server waits for checks whose first run takes long; zero turns
 *     it off
 * @param drain how the application stops when load balancers watch it
 * @param actuator how the indicators of Actuator run
 * @param jdbc the checks of data sources
 * @param redis the checks of Redis
 * @param servlet the endpoint of this library itself, in applications with servlets and of WebFlux
 * @param defaults the settings of all checks. What a check proposes and its own settings go before them
 * @param checks the settings of single checks by their names or paths; those of a composite hold for what is below it
 */
@ConfigurationProperties(prefix = "healthcheck", ignoreUnknownFields = false)
record HealthcheckProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("900ms") Duration answerWithin,
        @DefaultValue("true") boolean validateNames,
        @DefaultValue("5s") Duration warmUpAtMost,
        @DefaultValue Drain drain,
        @DefaultValue Actuator actuator,
        @DefaultValue Jdbc jdbc,
        @DefaultValue Redis redis,
        @DefaultValue Servlet servlet,
        @DefaultValue Defaults defaults,
        @DefaultValue Map<String, CheckSettings> checks) {

    /**
     * The stop of an application that load balancers watch.
     *
     * @param enabled whether readiness refuses traffic and the application waits before it stops
     * @param reports the number of answers about readiness that must have refused traffic; at most one a second counts
     * @param atLeast the shortest wait. There is no wait at all if nobody has asked for readiness within the last minute.
     *     Default: 7 s, or at-most if that is shorter
     * @param atMost the longest wait, also if fewer answers were asked for; not above
     *     spring.lifecycle.timeout-per-shutdown-phase. Default: 20 s, or that time if it is shorter
     */
    record Drain(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("3") int reports,
            @Nullable Duration atLeast,
            @Nullable Duration atMost) {}

    /**
     * The indicators of Actuator.
     *
     * @param wrap whether indicators run in the registry
     * @param degradedStatus the status that Actuator shows for a check that is degraded, or down but not required
     * @param oneStack whether a failing indicator logs its stack once, and not at each run: while it fails, the logger of
     *     its class is at ERROR unless logging.level sets the level of that class
     */
    record Actuator(
            @DefaultValue("true") boolean wrap,
            @DefaultValue("DEGRADED") String degradedStatus,
            @DefaultValue("true") boolean oneStack) {}

    /**
     * The checks of data sources.
     *
     * @param enabled whether the check of healthcheck-jdbc takes the place of Spring's indicator db
     */
    record Jdbc(@DefaultValue("true") boolean enabled) {}

    /**
     * The checks of Redis.
     *
     * @param enabled whether the check of healthcheck-redis takes the place of Spring's indicator redis
     */
    record Redis(@DefaultValue("true") boolean enabled) {}

    /**
     * The endpoint of this library itself, in applications with servlets and of WebFlux.
     *
     * @param enabled whether a web application has it; by default it has if Actuator is not there
     * @param path the path at which it answers
     * @param showDetailsToRoles the roles of users who see messages, details and errors; by default nobody does. Only in
     *     applications with servlets
     */
    record Servlet(
            @Nullable Boolean enabled,
            @DefaultValue("/health") String path,
            @DefaultValue Set<String> showDetailsToRoles) {}

    /**
     * The settings of all checks. Null: the default of the library.
     *
     * @param required whether a failure of a check makes the whole fail: true, false, or to-start for checks that must
     *     succeed once and are optional from then on
     * @param timeout how long a run may take
     * @param every the time between two runs; without it checks run on demand
     * @param cacheFor how long a result holds
     * @param slowAfter the duration above which a check that is well is degraded
     * @param failureThreshold how many runs in a row must fail
     * @param successThreshold how many runs in a row must succeed after a failure
     */
    record Defaults(
            CheckSettings.@Nullable Required required,
            @Nullable Duration timeout,
            @Nullable Duration every,
            @Nullable Duration cacheFor,
            @Nullable Duration slowAfter,
            @Nullable Integer failureThreshold,
            @Nullable Integer successThreshold) {

        /** Returns {@code options} with the changes that these settings ask for. */
        CheckOptions applyTo(CheckOptions options) {
            return new CheckSettings(
                            true,
                            false,
                            required,
                            null,
                            timeout,
                            every,
                            cacheFor,
                            slowAfter,
                            failureThreshold,
                            successThreshold,
                            null)
                    .applyTo(options);
        }
    }
}
