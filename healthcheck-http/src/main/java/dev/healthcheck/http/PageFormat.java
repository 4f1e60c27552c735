package dev.healthcheck.http;

import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Status;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The status page. The classes that write it are loaded with the first page.
 *
 * @param service shown at the top
 * @param home the link to the page of all checks, with a slash at its end; null if there is no such page
 * @param clock tells how long ago something was
 */
record PageFormat(Map<String, String> service, @Nullable String home, InstantSource clock) implements OwnFormat {

    /** Returns the same form with links that start with {@code other}. */
    PageFormat linkedTo(@Nullable String other) {
        return new PageFormat(service, other, clock);
    }

    @Override
    public String contentType() {
        return "text/html;charset=utf-8";
    }

    @Override
    public Map<String, String> headers() {
        return PageAssets.HEADERS;
    }

    @Override
    public byte[] report(HealthReport report, boolean details) {
        return new Page(service, home, report.timestamp(), details).report(report);
    }

    @Override
    public byte[] check(CheckReport check, boolean details) {
        return newPage(details).check(check);
    }

    @Override
    public byte[] pending(Status status) {
        return newPage(false).pending(status);
    }

    @Override
    public byte[] problem(String what) {
        return newPage(false).problem(what);
    }

    private Page newPage(boolean details) {
        return new Page(service, home, clock.instant(), details);
    }
}
