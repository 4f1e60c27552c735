package dev.healthcheck.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.healthcheck.CheckResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryTest {
    private static final String NO_LIMIT_V1 = "9223372036854771712";

    /** Of the file system that Linux would show. */
    @TempDir
    private Path root;

    @Test
    void a_container_is_judged_by_its_limit_without_what_the_cache_can_give_back() throws Exception {
        write("proc/self/cgroup", "0::/\n");
        groupV2("", "1000", 1200, 400);

        CheckResult result = check(0.8);

        assertThat(result).hasToString("UP");
        assertThat(result.details())
                .containsOnlyKeys("used", "limit", "share", "source")
                .containsEntry("used", 800L)
                .containsEntry("limit", 1000L)
                .containsEntry("share", 0.8)
                .containsEntry("source", root.resolve("sys/fs/cgroup").toString());
    }

    @Test
    void more_than_the_share_is_down_with_reason_memory() throws Exception {
        write("proc/self/cgroup", "0::/\n");
        groupV2("", "1000", 1201, 400);

        CheckResult result = check(0.8);

        assertThat(result).hasToString("DOWN (memory)");
        assertThat(result.message()).isEqualTo("801 bytes of 1.0 kB of memory are in use");
    }

    @Test
    void a_group_without_a_limit_is_judged_by_the_one_around_it() throws Exception {
        write("proc/self/cgroup", "0::/kubepods/pod1/main\n");
        groupV2("kubepods/pod1/main", "max", 100, 0);
        groupV2("kubepods/pod1", "2000", 1900, 0);
        groupV2("kubepods", "max", 5000, 0);

        CheckResult result = check(0.9);

        assertThat(result.reason()).isEqualTo("memory");
        assertThat(result.details())
                .containsEntry(
                        "source", root.resolve("sys/fs/cgroup/kubepods/pod1").toString());
    }

    @Test
    void of_several_groups_the_one_that_is_nearest_to_its_limit_counts() throws Exception {
        write("proc/self/cgroup", "0::/pod/main\n");
        groupV2("pod/main", "1000", 100, 0);
        groupV2("pod", "10000", 9900, 0);

        assertThat(check(0.95)).hasToString("DOWN (memory)");
        groupV2("pod", "10000", 500, 0);
        assertThat(check(0.95).details()).containsEntry("limit", 1000L);
    }

    @Test
    void in_the_first_version_memory_has_a_tree_of_its_own() throws Exception {
        write("proc/self/cgroup", "12:cpu,cpuacct:/a\n4:memory:/docker/main\n0::/user\n");
        groupV1("docker/main", "1000", 1300, 200);
        groupV1("docker", NO_LIMIT_V1, 4000, 0);
        groupV2("user", "10", 10, 0);

        CheckResult result = check(0.9);

        assertThat(result.message()).isEqualTo("1.1 kB of 1.0 kB of memory are in use");
        assertThat(result.details())
                .containsEntry(
                        "source",
                        root.resolve("sys/fs/cgroup/memory/docker/main").toString());
    }

    @Test
    void in_a_container_of_the_first_version_the_path_is_the_machines_and_its_own_group_is_at_the_top()
            throws Exception {
        write("proc/self/cgroup", "4:blkio,memory:/docker/0815\n");
        groupV1("", "1000", 950, 0);

        assertThat(check(0.9)).hasToString("DOWN (memory)");
    }

    /** What a process sees that was moved into a container from elsewhere, or that looks at one from the outside. */
    @ParameterizedTest
    @ValueSource(strings = {"/..", "/../other", "/../../a/b", "/inner/../../other"})
    void a_path_that_leaves_what_is_mounted_stands_for_the_top_of_it(String path) throws Exception {
        write("proc/self/cgroup", "0::" + path + "\n");
        groupV2("", "1000", 950, 0);
        groupV2("../other", "1000", 10, 0);
        groupV2("../../a/b", "1000", 10, 0);

        CheckResult result = check(0.9);

        assertThat(result).hasToString("DOWN (memory)");
        assertThat(result.details())
                .containsEntry("source", root.resolve("sys/fs/cgroup").toString());
    }

    @Test
    void in_the_first_version_too_a_path_may_leave_what_is_mounted() throws Exception {
        write("proc/self/cgroup", "4:memory:/../../docker/0815\n0::/../../docker/0815\n");
        groupV1("", "1000", 950, 0);

        assertThat(check(0.9)).hasToString("DOWN (memory)");
    }

    @Test
    void dots_in_the_name_of_a_group_are_part_of_the_name() throws Exception {
        write("proc/self/cgroup", "0::/a..b\n");
        groupV2("a..b", "1000", 950, 0);

        assertThat(check(0.9)).hasToString("DOWN (memory)");
    }

    @Test
    void in_the_first_version_a_group_knows_the_limit_of_one_that_it_cannot_see() throws Exception {
        write("proc/self/cgroup", "4:memory:/kubepods/pod/main\n");
        groupV1("", NO_LIMIT_V1, 950, 0);
        write("sys/fs/cgroup/memory/memory.stat", "cache 0\nhierarchical_memory_limit 1000\ntotal_inactive_file 0\n");

        assertThat(check(0.9)).hasToString("DOWN (memory)");
    }

    @Test
    void where_both_versions_are_mounted_the_second_may_have_the_memory() throws Exception {
        write("proc/self/cgroup", "5:cpu:/a\n0::/a\n");
        group("sys/fs/cgroup/unified/a", "1000", 950, 0);

        assertThat(check(0.9).details())
                .containsEntry("source", root.resolve("sys/fs/cgroup/unified/a").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"max", "0", "-1", "", "many", "18446744073709551615"})
    void what_is_no_limit_leaves_the_limit_of_the_machine(String limit) throws Exception {
        write("proc/self/cgroup", "0::/a\n");
        write("proc/meminfo", "MemTotal: 1000 kB\nMemAvailable: 900 kB\n");
        groupV2("a", limit, 900, 0);

        assertThat(check(0.9).details()).containsEntry("limit", 1000L * 1024);
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory.max", "memory.current", "memory.stat"})
    void a_group_that_cannot_be_read_is_passed_over(String file) throws Exception {
        write("proc/self/cgroup", "0::/pod/main\n");
        groupV2("pod/main", "500", 100, 0);
        groupV2("pod", "1000", 950, 0);
        Path unreadable = root.resolve("sys/fs/cgroup/pod/main").resolve(file);
        Files.delete(unreadable);
        Files.createDirectory(unreadable);

        assertThat(check(0.9).details()).containsEntry("limit", 1000L);
    }

    /** Such a limit never applies, and the machine may be full before. */
    @Test
    void a_limit_above_the_memory_of_the_machine_is_none() throws Exception {
        write("proc/self/cgroup", "0::/\n");
        write("proc/meminfo", "MemTotal: 1000 kB\nMemAvailable: 10 kB\n");
        groupV2("", "64000000", 1000, 0);

        CheckResult result = check(0.9);

        assertThat(result).hasToString("DOWN (memory)");
        assertThat(result.message()).isEqualTo("1.0 MB of 1.0 MB of memory are in use");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "garbage", "4:memory", "::", "0::/\u00e4"})
    void a_list_of_groups_in_another_form_is_not_known(String line) throws Exception {
        write("proc/self/cgroup", line + "\n");
        write("proc/meminfo", "MemTotal: 1000 kB\nMemAvailable: 900 kB\n");

        assertThat(check(0.9).details()).containsEntry("limit", 1000L * 1024);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "MemTotal: 1000 kB\n",
                "MemTotal: 0 kB\nMemAvailable: 0 kB\n",
                "MemTotal: \nMemAvailable: x\n"
            })
    void a_machine_that_does_not_say_is_up_and_says_so(String meminfo) throws Exception {
        write("proc/meminfo", meminfo);

        CheckResult result = check(0.9);

        assertThat(result).hasToString("UP");
        assertThat(result.details()).containsOnlyKeys("unknown");
    }

    @Test
    void without_any_limit_the_machine_is_judged_by_what_it_has_available() throws Exception {
        write("proc/self/cgroup", "4:memory:/\n");
        groupV1("", NO_LIMIT_V1, 5000, 0);
        write("proc/meminfo", "MemTotal:    1000 kB\nMemFree:       10 kB\nMemAvailable:     90 kB\n");

        CheckResult result = check(0.9);

        assertThat(result).hasToString("DOWN (memory)");
        assertThat(result.details())
                .containsEntry("used", 910L * 1024)
                .containsEntry("limit", 1000L * 1024)
                .containsEntry("source", root.resolve("proc/meminfo").toString());
    }

    @Test
    void without_control_groups_the_machine_is_judged() throws Exception {
        write("proc/meminfo", "MemTotal: 1000 kB\nMemAvailable: 900 kB\n");

        assertThat(check(0.9).details()).containsEntry("used", 100L * 1024);
    }

    @Test
    void where_nothing_is_told_it_is_up_and_says_so() throws Exception {
        CheckResult result = check(0.9);

        assertThat(result).hasToString("UP");
        assertThat(result.details()).containsOnlyKeys("unknown");
    }

    @Test
    void on_this_machine_it_has_an_answer() throws Exception {
        assertThat(SystemChecks.memory(0.999999).check()).hasToString("UP");
    }

    @Test
    void a_share_that_is_none_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SystemChecks.memory(90))
                .withMessage("share: 90.0 (expected: > 0 and < 1)");
    }

    private CheckResult check(double share) {
        return new Memory(new UsageLimit(share), root).check();
    }

    private void groupV2(String path, String limit, long usage, long inactive) throws IOException {
        group("sys/fs/cgroup/" + path, limit, usage, inactive);
    }

    private void group(String folder, String limit, long usage, long inactive) throws IOException {
        write(folder + "/memory.max", limit + "\n");
        write(folder + "/memory.current", usage + "\n");
        write(folder + "/memory.stat", "anon 17\ninactive_anon 0\ninactive_file " + inactive + "\nactive_file 9\n");
    }

    private void groupV1(String path, String limit, long usage, long inactive) throws IOException {
        String folder = "sys/fs/cgroup/memory/" + path;
        write(folder + "/memory.limit_in_bytes", limit + "\n");
        write(folder + "/memory.usage_in_bytes", usage + "\n");
        write(folder + "/memory.stat", "cache 0\ninactive_file 3\ntotal_inactive_file " + inactive + "\n");
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path).normalize();
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
