package dev.healthcheck.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.entry;

import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemChecksTest {
    @TempDir
    private Path directory;

    @Test
    void a_disk_with_enough_space_is_up_and_says_how_much_there_is() throws Exception {
        CheckResult result = SystemChecks.diskSpace(directory, 1).check();

        assertThat(result.status()).isEqualTo(Status.UP);
        assertThat(result.reason()).isNull();
        assertThat(result.details())
                .containsOnlyKeys("path", "free", "total", "minimum")
                .contains(entry("path", directory.toString()), entry("minimum", 1L))
                .containsEntry("total", Files.getFileStore(directory).getTotalSpace());
        assertThat((Long) result.details().get("free")).isPositive();
    }

    @Test
    void a_disk_with_less_space_than_the_minimum_is_down_with_reason_disk_full() throws Exception {
        CheckResult result = SystemChecks.diskSpace(directory, Long.MAX_VALUE).check();

        assertThat(result.status()).isEqualTo(Status.DOWN);
        assertThat(result.reason()).isEqualTo("disk-full");
        assertThat(result.message())
                .isEqualTo("only %s of 9223372036854775807 bytes free at %s"
                        .formatted(result.details().get("free"), directory));
        assertThat(result.details()).containsOnlyKeys("path", "free", "total", "minimum");
    }

    @Test
    void a_file_stands_for_the_disk_that_it_is_on() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        assertThat(SystemChecks.diskSpace(file, 1).check().status()).isEqualTo(Status.UP);
    }

    @Test
    void a_path_that_vanishes_is_down_with_reason_no_such_path_until_it_is_there_again() throws Exception {
        Path mounted = Files.createDirectory(directory.resolve("mounted"));
        HealthCheck check = SystemChecks.diskSpace(mounted, 1);
        assertThat(check.check().status()).isEqualTo(Status.UP);

        Files.delete(mounted);
        CheckResult result = check.check();
        assertThat(result.status()).isEqualTo(Status.DOWN);
        assertThat(result.reason()).isEqualTo("no-such-path");
        assertThat(result.message()).isEqualTo(mounted + " does not exist");
        assertThat(result.details()).containsOnly(entry("path", mounted.toString()));

        Files.createDirectory(mounted);
        assertThat(check.check().status()).isEqualTo(Status.UP);
    }

    @Test
    void a_minimum_that_is_not_positive_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SystemChecks.diskSpace(directory, -1))
                .withMessage("minimumFreeBytes: -1 (expected: > 0)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SystemChecks.diskSpace(directory, 0))
                .withMessage("minimumFreeBytes: 0 (expected: > 0)");
    }

    @Test
    void a_path_that_is_null_is_refused_by_name() {
        assertThatNullPointerException()
                .isThrownBy(() -> SystemChecks.diskSpace(null, 1))
                .withMessage("path");
    }

    @Test
    void a_full_disk_makes_the_instance_unready_and_tells_where_only_in_private() {
        try (var registry = HealthCheckRegistry.create()) {
            registry.register("disk", SystemChecks.diskSpace(directory, Long.MAX_VALUE));

            CheckReport report = registry.check(Probe.READINESS).checks().get(0);

            assertThat(report).hasToString("disk DOWN (disk-full)");
        }
    }

    @Test
    void no_restart_frees_a_disk_so_it_is_kept_out_of_liveness() {
        try (var registry = HealthCheckRegistry.create()) {
            HealthCheck check = SystemChecks.diskSpace(directory, 1);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> registry.register("disk", check, o -> o.probes(Probe.LIVENESS)))
                    .withMessageStartingWith("disk: probes: [LIVENESS] (expected: no dependency in LIVENESS");
            registry.register("disk", check, o -> o.probes(Probe.LIVENESS).allowInLiveness());
        }
    }
}
