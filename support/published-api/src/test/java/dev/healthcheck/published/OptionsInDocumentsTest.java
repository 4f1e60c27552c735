package dev.healthcheck.published;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckOptions;
import dev.healthcheck.Deadline;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthListener;
import dev.healthcheck.Registration;
import dev.healthcheck.checks.Heartbeat;
import dev.healthcheck.checks.JvmChecks;
import dev.healthcheck.checks.MaintenanceSwitch;
import dev.healthcheck.checks.NetworkChecks;
import dev.healthcheck.checks.SystemChecks;
import dev.healthcheck.jdbc.JdbcHealthCheck;
import dev.healthcheck.redis.RedisHealthCheck;
import dev.healthcheck.servlet.HealthServlet;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents name every option, every ready-made check and what users call, and none that does not exist. */
class OptionsInDocumentsTest {
    private static final Pattern CALL = Pattern.compile("(\\w+)\\(");

    @Test
    void every_option_has_a_row() throws IOException {
        Stream<String> options = Stream.concat(
                publicMethodsOf(CheckOptions.class),
                publicMethodsOf(HealthCheckRegistry.Builder.class).filter(name -> !name.equals("build")));

        assertThat(called("## Options")).containsExactlyInAnyOrderElementsOf(options.toList());
    }

    @Test
    void every_ready_made_check_has_a_row() throws IOException {
        Stream<String> checks = Stream.of(
                        JvmChecks.class,
                        SystemChecks.class,
                        NetworkChecks.class,
                        Heartbeat.class,
                        MaintenanceSwitch.class)
                .flatMap(OptionsInDocumentsTest::factoriesOf);

        assertThat(called("## Ready-made checks").stream().distinct())
                .containsExactlyInAnyOrderElementsOf(checks.toList());
    }

    @Test
    void every_setting_of_the_database_check_has_a_row() throws IOException {
        Set<String> inherited = Set.of("of", "check", "options");

        assertThat(called("docs/jdbc.md", "## Settings").stream().distinct())
                .containsExactlyInAnyOrderElementsOf(publicMethodsOf(JdbcHealthCheck.class)
                        .filter(name -> !inherited.contains(name))
                        .toList());
    }

    @Test
    void every_setting_of_the_Redis_check_has_a_row() throws IOException {
        Set<String> inherited = Set.of("of", "checkAsync", "options", "close");

        assertThat(called("docs/redis.md", "## Settings"))
                .containsExactlyInAnyOrderElementsOf(publicMethodsOf(RedisHealthCheck.class)
                        .filter(name -> !inherited.contains(name))
                        .toList());
    }

    @Test
    void every_method_of_a_deadline_has_a_row() throws IOException {
        assertThat(called("### Checks that may hang"))
                .containsExactlyInAnyOrderElementsOf(publicMethodsOf(Deadline.class)
                        .filter(name -> !Set.of("after", "toString").contains(name))
                        .toList());
    }

    @Test
    void every_method_of_a_registration_is_named() throws IOException {
        assertNamed("docs/checks.md", publicMethodsOf(Registration.class).filter(name -> !name.equals("name")));
    }

    @Test
    void every_setting_of_the_servlet_and_every_event_of_a_listener_is_named() throws IOException {
        assertNamed(
                "docs/operations.md",
                publicMethodsOf(HealthServlet.Builder.class).filter(name -> !name.equals("build")));
        assertNamed("docs/operations.md", publicMethodsOf(HealthListener.class));
    }

    private static void assertNamed(String page, Stream<String> methods) throws IOException {
        String text = MarkdownPage.of(page).text();
        assertThat(methods).isNotEmpty().allSatisfy(method -> assertThat(text).containsPattern("\\b" + method + "\\b"));
    }

    private static List<String> called(String heading) throws IOException {
        return called("docs/checks.md", heading);
    }

    private static List<String> called(String page, String heading) throws IOException {
        return MarkdownPage.of(page).firstCells(heading).stream()
                .map(cell -> {
                    var call = CALL.matcher(cell);
                    return call.find() ? call.group(1) : cell;
                })
                .toList();
    }

    private static Stream<String> factoriesOf(Class<?> type) {
        return Stream.of(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && Modifier.isStatic(method.getModifiers()))
                .map(Method::getName)
                .distinct();
    }

    private static Stream<String> publicMethodsOf(Class<?> type) {
        return Stream.of(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .map(Method::getName)
                .distinct();
    }
}
