package dev.healthcheck.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.healthcheck.CheckResult;
import java.io.IOException;
import java.lang.management.OperatingSystemMXBean;
import java.lang.reflect.Proxy;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

        CheckResult result = new FileDescriptors(new UsageLimit(0.9), windows).check();

        assertThat(result).hasToString("UP");
        assertThat(result.details()).containsOnlyKeys("unknown");
    }

    @Test
    void a_share_that_is_none_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SystemChecks.fileDescriptors(1))
                .withMessage("share: 1.0 (expected: > 0 and < 1)");
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
