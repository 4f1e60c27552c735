package dev.healthcheck.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.HealthCheck;
import dev.healthcheck.testkit.ChildJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class MissingModulesTest {
    @Test
    void without_any_module_beyond_java_base_all_checks_work_that_need_none() throws Exception {
        String missing = "no java/lang/management/ManagementFactory";

        assertThat(ChildJvm.run(List.of("--limit-modules", "java.base"), Minimal.class))
                .isEqualTo(String.join(", ", "UP, UP, UP, UP", missing, missing, missing));
    }

    @Test
    void of_the_others_only_file_descriptors_need_more_than_java_management() throws Exception {
        assertThat(ChildJvm.run(List.of("--limit-modules", "java.management"), Minimal.class))
                .isEqualTo("UP, UP, UP, UP, UP, UP, no com/sun/management/UnixOperatingSystemMXBean");
    }

    static final class Minimal {
        public static void main(String[] args) throws Exception {
            List<Supplier<HealthCheck>> checks = List.of(
                    () -> JvmChecks.responsive(Runnable::run, Duration.ofSeconds(1)),
                    () -> SystemChecks.diskSpace(Path.of(""), 1),
                    () -> SystemChecks.memory(0.999),
                    () -> NetworkChecks.dns("127.0.0.1"),
                    JvmChecks::deadlock,
                    () -> JvmChecks.heapAfterCollection(0.999),
                    () -> SystemChecks.fileDescriptors(0.999));
            List<String> outcomes = new ArrayList<>();
            for (Supplier<HealthCheck> check : checks) {
                outcomes.add(outcome(check));
            }
            System.out.println(String.join(", ", outcomes));
        }

        private static String outcome(Supplier<HealthCheck> supplier) throws Exception {
            HealthCheck check;
            try {
                check = supplier.get();
            } catch (NoClassDefFoundError e) {
                return "no " + e.getMessage();
            }
            return check.check().toString();
        }
    }
}
