package dev.healthcheck.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.Probe;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each pair of mount and path asks for, and the links between them. */
class PathsTest {

    @ParameterizedTest
    @CsvSource({
        "'',",
        "/,",
        "/healthz,",
        "/live, LIVENESS",
        "/live/, LIVENESS",
        "/liveness, LIVENESS",
        "/livez, LIVENESS",
        "/ready, READINESS",
        "/readiness, READINESS",
        "/readyz/, READINESS",
        "/startup, STARTUP",
        "/started, STARTUP",
        "/startupz, STARTUP"
    })
    void below_the_mount_is_everything_or_a_probe(String path, Probe probe) {
        assertThat(Paths.target("/health", path)).isEqualTo(new ReportTarget(probe));
        assertThat(Paths.target("", path)).isEqualTo(new ReportTarget(probe));
    }

    @ParameterizedTest
    @CsvSource({"/orders-db, orders-db", "/orders-db/, orders-db", "/a/b, a/b", "/Live, Live", "/live//, live/"})
    void any_other_word_is_that_of_a_check(String path, String name) {
        assertThat(Paths.target("/health", path)).isEqualTo(new CheckTarget(name));
    }

    @ParameterizedTest
    @CsvSource({
        "/livez, LIVENESS",
        "/readyz, READINESS",
        "/startupz, STARTUP",
        "/healthz,",
        "/health,",
        "/internal/livez, LIVENESS",
        "/live,",
        "'',"
    })
    void the_last_word_of_the_mount_counts_if_nothing_follows(String mount, Probe probe) {
        assertThat(Paths.target(mount, "")).isEqualTo(new ReportTarget(probe));
        assertThat(Paths.target(mount, "/")).isEqualTo(new ReportTarget(probe));
    }

    @ParameterizedTest
    @CsvSource({"/, ./", "/live, ./", "/live/, ../", "/orders-db/, ../", "//, ../"})
    void the_way_home_leads_up_to_the_mount(String path, String home) {
        assertThat(Paths.home("/internal/health", path)).isEqualTo(home);
    }

    @ParameterizedTest
    @CsvSource({"/internal/health, ./health/", "/health, ./health/", "'', ./", "/healthz, ./healthz/"})
    void the_way_home_from_the_mount_itself_leads_into_it(String mount, String home) {
        assertThat(Paths.home(mount, "")).isEqualTo(home);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a/b", "/a/b/", "/a//", "/a/b/c/d"})
    void a_path_that_finds_no_check_has_no_home(String path) {
        assertThat(Paths.home("/health", path)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/internal/readyz", "/startupz"})
    void the_mount_of_a_probe_has_no_home(String mount) {
        assertThat(Paths.home(mount, "")).isNull();
    }
}
