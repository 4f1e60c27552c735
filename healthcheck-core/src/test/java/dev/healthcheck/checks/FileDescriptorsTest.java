package dev.healthcheck.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.healthcheck.CheckResult;
import java.io.IOException;
import java.lang.management.OperatingSystemMXBean;
import java.lang.reflect.Proxy;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileDescriptorsTest {
    @TempDir
    private Path directory;

    @Test
    void few_open_files_are_up_and_counted() throws Exception {
        CheckResult result = SystemChecks.fileDescriptors(0.9).check();

        assertThat(result).hasToString("UP");
        assertThat(result.details()).containsOnlyKeys("used", "limit", "share").containsEntry("share", 0.9);
        assertThat(open(result)).isPositive();
    }

    @Test
    void a_leak_is_down_and_what_is_closed_is_up_again() throws Exception {
        CheckResult before = SystemChecks.fileDescriptors(0.9).check();
        double limit = (Long) before.details().get("limit");
        var check = SystemChecks.fileDescriptors((open(before) + 100) / limit);
        assertThat(check.check()).hasToString("UP");

        List<FileChannel> leak = leak(200);
        CheckResult result = check.check();
        assertThat(result).hasToString("DOWN (file-descriptors)");
        assertThat(result.message()).matches("\\d+ of \\d+ file descriptors are open");
        assertThat(open(result)).isGreaterThanOrEqualTo(open(before) + 150);

        for (FileChannel channel : leak) {
            channel.close();
        }
        assertThat(check.check()).hasToString("UP");
    }

    @Test
    void where_there_are_none_it_is_up_and_says_so() {
        OperatingSystemMXBean windows = (OperatingSystemMXBean) Proxy.newProxyInstance(
                null, new Class<?>[] {OperatingSystemMXBean.class}, (proxy, method, args) -> null);

        assertUnknown(check(windows, directory));
    }

    @ParameterizedTest
    @CsvSource({"-1, 100", "5, -1", "5, 0"})
    void a_system_that_does_not_say_how_many_is_up_and_says_so(long used, long most) {
        assertUnknown(check(unix(() -> used, most), directory));
    }

    /** Linux lists the open descriptors in a directory, and the JDK needs a descriptor to open it. */
    @Test
    void a_process_that_has_none_left_to_count_them_is_down_with_reason_file_descriptors() {
        CheckResult result = check(unix(FileDescriptorsTest::cannotOpen, 100), directory);

        assertThat(result).hasToString("DOWN (file-descriptors)");
        assertThat(result.cause()).isInstanceOf(InternalError.class);
    }

    @Test
    void a_process_without_the_list_of_descriptors_is_up_and_says_so() {
        assertUnknown(check(unix(FileDescriptorsTest::cannotOpen, 100), directory.resolve("none")));
    }

    @Test
    void a_share_that_is_none_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SystemChecks.fileDescriptors(1))
                .withMessage("share: 1.0 (expected: > 0 and < 1)");
    }

    private static CheckResult check(OperatingSystemMXBean system, Path open) {
        return new FileDescriptors(new UsageLimit(0.9), system, open).check();
    }

    private static void assertUnknown(CheckResult result) {
        assertThat(result).hasToString("UP");
        assertThat(result.details()).containsOnlyKeys("unknown");
    }

    private static OperatingSystemMXBean unix(LongSupplier used, long most) {
        return (OperatingSystemMXBean) Proxy.newProxyInstance(
                UnixOperatingSystemMXBean.class.getClassLoader(),
                new Class<?>[] {UnixOperatingSystemMXBean.class},
                (proxy, method, args) -> method.getName().startsWith("getOpen") ? used.getAsLong() : most);
    }

    private static long cannotOpen() {
        throw new InternalError("Unable to open directory /proc/self/fd");
    }

    private List<FileChannel> leak(int size) throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        List<FileChannel> channels = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            channels.add(FileChannel.open(file));
        }
        return channels;
    }

    private static long open(CheckResult result) {
        return (Long) result.details().get("used");
    }
}
