package dev.healthcheck.http;

import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Status;
import java.util.Map;

/**
 * A form of answers. Pass one to {@link HealthEndpoint.Builder#format}.
 *
 * <p>Everything that comes from checks is untrusted text: encode it for the form. Write what {@link CheckReport} calls
 * sensitive only if {@code details} is true. Implementations are thread-safe and do not block. If one
 * throws, the answer has the same status code and this library's JSON.
 *
 * <p>The endpoint answers with the bodies as they are. Nobody may change a body after it was returned.
 */
public interface HealthFormat {

    /**
     * Returns the {@code Content-Type} of the answer. A request that accepts this media type gets this form.
     *
     * @return a media type, perhaps with a charset: {@code text/plain;charset=utf-8}; always the same
     */
    String contentType();

    /**
     * Returns further headers of an answer in this form, for instance a {@code Content-Security-Policy}. Default: none.
     * The endpoint leaves out those that could break the answer, as {@link HealthEndpoint.Builder#headers} says.
     *
     * @return values by name; always the same
     */
    default Map<String, String> headers() {
        return Map.of();
    }

    /**
     * Writes a report on all checks, or on those of a probe.
     *
     * @param report the report
     * @param details whether the caller may see what is sensitive
     * @return the body of the answer
     */
    byte[] report(HealthReport report, boolean details);

    /**
     * Writes the report of one check, with its history.
     *
     * @param check the report
     * @param details whether the caller may see what is sensitive
     * @return the body of the answer
     */
    byte[] check(CheckReport check, boolean details);

    /**
     * Writes that the registry has not answered in time.
     *
     * @param status the status of the answer: UP for liveness, because missing evidence must not restart the process;
     *     otherwise DOWN
     * @return the body of the answer
     */
    byte[] pending(Status status);

    /**
     * Writes that the endpoint cannot answer the request, for instance because there is no such check.
     *
     * @param what the reason, in trusted words of the endpoint
     * @return the body of the answer
     */
    byte[] problem(String what);

    /**
     * Returns a form with the shape of Spring Boot Actuator 3: {@code status}, {@code components}, {@code details}.
     * DEGRADED becomes UP with {@code "degraded": true} among the details. A draining registry is OUT_OF_SERVICE. While the
     * registry starts, drains or is closed, a component {@code readinessState} says which.
     *
     * <p>The media type is {@code application/vnd.spring-boot.actuator.v3+json}, as with Actuator. A request that prefers
     * {@code application/json}, or names it first, gets that type. Spring Boot Admin shows single components only if the
     * answer has the first type.
     *
     * @return a form for both types, in place of that for {@code application/json}
     */
    static HealthFormat springBoot() {
        return new JsonForm("application/json", SpringBootShape.CONTENT_TYPE, new SpringBootShape());
    }

    /**
     * Returns a form with the shape of MicroProfile Health 4: {@code status}, and an array {@code checks} whose
     * {@code data} are numbers, booleans and texts. DEGRADED becomes UP with {@code "degraded": true} in the data. A check's
     * details are data under their own names; one that has the name of a datum of this library gets the prefix
     * {@code details.}. A list or map is the text of its JSON.
     *
     * <p>While the registry starts, drains or is closed, a check {@code starting}, {@code draining} or {@code closed} is
     * DOWN. An optional check may be DOWN in an answer that is UP: the HTTP status and {@code status} decide, not the
     * checks one by one.
     *
     * @return a form for {@code application/json}
     */
    static HealthFormat microProfile() {
        return new JsonForm("application/json", null, new MicroProfileShape());
    }
}
