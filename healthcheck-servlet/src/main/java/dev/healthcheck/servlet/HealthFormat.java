package dev.healthcheck.servlet;

import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Status;
import java.util.Map;

/**
 * A form in which answers are written, to be given to {@link HealthServlet.Builder#format}.
 *
 * <p>Everything that comes from checks is untrusted text, to be encoded for the form. What {@link CheckReport} calls
 * private may be written only if {@code details} is true. Must be thread-safe, and must not block.
 */
public interface HealthFormat {

    /**
     * What the answer's header says, and so what a request has to accept to get this form.
     *
     * @return a media type, perhaps with a charset: {@code text/plain;charset=utf-8}. Always the same
     */
    String contentType();

    /**
     * What else the headers of an answer in this form say: a {@code Content-Security-Policy} for instance.
     *
     * @return values by name; none by default
     */
    default Map<String, String> headers() {
        return Map.of();
    }

    /**
     * A report on all checks, or on those of a probe.
     *
     * @param report what is known
     * @param details whether the request may see what is private
     * @return the body of the answer; not to be changed afterwards by anybody
     */
    byte[] report(HealthReport report, boolean details);

    /**
     * One check, with its history.
     *
     * @param check what is known
     * @param details whether the request may see what is private
     * @return as of {@link #report}
     */
    byte[] check(CheckReport check, boolean details);

    /**
     * That the registry has not answered in time.
     *
     * @param status what that means: UP for liveness, because the absence of evidence must not kill; else DOWN
     * @return as of {@link #report}
     */
    byte[] pending(Status status);

    /**
     * That there is no answer to this request.
     *
     * @param what in words of the servlet's own
     * @return as of {@link #report}
     */
    byte[] problem(String what);

    /**
     * As Spring Boot Actuator 3 writes it: {@code status}, {@code components}, {@code details}. What is DEGRADED is UP
     * there, and says so in its details; a registry that drains is OUT_OF_SERVICE.
     *
     * @return a form for {@code application/json}
     */
    static HealthFormat springBoot() {
        return new JsonForm("application/json", new SpringBootShape());
    }

    /**
     * As MicroProfile Health 4 writes it: {@code status}, and {@code checks} as an array whose {@code data} are numbers,
     * booleans and texts. What is DEGRADED is UP there, and says so in its data.
     *
     * @return a form for {@code application/json}
     */
    static HealthFormat microProfile() {
        return new JsonForm("application/json", new MicroProfileShape());
    }
}
