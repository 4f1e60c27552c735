package dev.healthcheck.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
                .isEqualTo("%s of %s free at %s, expected at least 9.2 EB"
                        .formatted(
                                Words.bytes((Long) result.details().get("free")),
                                Words.bytes((Long) result.details().get("total")),
                                directory));
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

    /** As in a chroot. */
    @Test
    void without_a_mount_table_the_file_system_itself_is_asked() throws Exception {
        CheckResult result = withoutMountTable(directory).check();

        assertThat(result).hasToString("UP");
        assertThat(result.details()).containsEntry("total", directory.toFile().getTotalSpace());
        assertThat((Long) result.details().get("free")).isPositive();
        assertThat(new DiskSpace(directory, Long.MAX_VALUE, SystemChecksTest::mountPointNotFound).check())
                .hasToString("DOWN (disk-full)");
    }

    @Test
    void without_a_mount_table_a_path_that_is_not_there_is_down_with_reason_no_such_path() throws Exception {
        assertThat(withoutMountTable(directory.resolve("nowhere")).check()).hasToString("DOWN (no-such-path)");
    }

    /** The JDK expresses a failure by zero there, too. */
    @Test
    void without_a_mount_table_and_without_a_size_the_failure_is_told() throws Exception {
        try (FileSystem zip = FileSystems.newFileSystem(directory.resolve("a.zip"), Map.of("create", "true"))) {
            HealthCheck check = withoutMountTable(zip.getPath("/"));

            assertThatThrownBy(check::check).isInstanceOf(IOException.class).hasMessage("Mount point not found");
        }
    }

    /** As {@code /proc}, and some file systems of FUSE. */
    @Test
    void a_file_system_that_does_not_tell_its_size_is_not_called_full() {
        HealthCheck check = new DiskSpace(directory, 1, path -> new DiskSpace.Space(0, 0));

        assertThatThrownBy(check::check)
                .isInstanceOf(IOException.class)
                .hasMessage("the file system of " + directory + " does not tell its size");
    }

    @Test
    void a_device_does_not_stand_for_the_disk_that_it_is() throws Exception {
        assertThat(SystemChecks.diskSpace(Path.of("/dev/null"), 1).check()).hasToString("DOWN (no-such-path)");
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

    private static HealthCheck withoutMountTable(Path path) {
        return new DiskSpace(path, 1, SystemChecksTest::mountPointNotFound);
    }

    private static DiskSpace.Space mountPointNotFound(Path path) throws IOException {
        throw new IOException("Mount point not found");
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
