package dev.healthcheck.microprofile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.eclipse.microprofile.health.tck.TCKBase;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.testng.IConfigurationListener;
import org.testng.ITestListener;
import org.testng.ITestResult;
import org.testng.TestNG;

/**
 * Runs the TCK of MicroProfile Health against an application that serves {@code HealthFormat.microProfile()}, with a bridge
 * that registers its beans.
 */
class TckTest {
    private static final String SAME_NAME =
            "The deployment has two checks of one name, for two probes. In a registry a name is unique.";

    /** The tests that fail, and why. All others pass. */
    private static final Map<String, String> REASONS = Map.of(
            "CDIProducedProceduresTest.testSuccessStartupResponsePayload",
            SAME_NAME,
            "MultipleLivenessFailedTest.testSuccessfulReadinessResponsePayload",
            SAME_NAME,
            "MultipleProceduresFailedTest.testFailureResponsePayload",
            SAME_NAME,
            "MultipleReadinessFailedTest.testFailureResponsePayload",
            SAME_NAME,
            "MultipleStartupFailedTest.testFailingHealthResponsePayload",
            SAME_NAME,
            "MultipleStartupFailedTest.testSuccessfulReadinessResponsePayload",
            SAME_NAME,
            "OnlySuccessfulProcedureTest.testSuccessfulReadinessResponsePayload",
            SAME_NAME,
            "HealthCheckResponseValidationTest.testValidateConcreteHealthCheckResponse",
            "It reads the answer with Jackson, which has refused Optional since release 2.12.");

    private static final Results RESULTS = new Results();
    private static List<Class<?>> classes;

    @BeforeAll
    @Timeout(300) // seconds: for a machine that is busy with other things
    static void run() throws Exception {
        Path tck = Path.of(TCKBase.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        classes = testsIn(tck);
        TestNG testng = new TestNG(false);
        testng.setVerbose(0);
        testng.setTestClasses(classes.toArray(Class<?>[]::new));
        testng.addListener(RESULTS);
        testng.run();
    }

    private static List<Class<?>> testsIn(Path archive) throws IOException {
        try (JarFile jar = new JarFile(archive.toFile())) {
            return jar.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith("Test.class"))
                    .<Class<?>>map(TckTest::load)
                    .toList();
        }
    }

    private static Class<?> load(String file) {
        try {
            return Class.forName(file.replace(".class", "").replace('/', '.'));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<String> tests() {
        return RESULTS.failures.keySet().stream()
                .filter(test -> !REASONS.containsKey(test))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("tests")
    void a_test_of_the_TCK_passes(String test) {
        assertThat(RESULTS.failures.get(test)).isEqualTo("");
    }

    @Test
    void every_class_of_the_TCK_has_run() {
        assertThat(classes).isNotEmpty().allSatisfy(type -> assertThat(RESULTS.failures.keySet())
                .anyMatch(test -> test.startsWith(type.getSimpleName() + ".")));
    }

    /** Otherwise it needs no reason. */
    @Test
    void a_test_with_a_reason_fails() {
        assertThat(REASONS)
                .allSatisfy((test, reason) ->
                        assertThat(RESULTS.failures.get(test)).as(test).isNotEmpty());
    }

    /** What TestNG reports, by test: the failure, or an empty text. */
    private static final class Results implements IConfigurationListener, ITestListener {
        private final Map<String, String> failures = new TreeMap<>();

        @Override
        public void onTestSuccess(ITestResult result) {
            failures.put(nameOf(result), "");
        }

        @Override
        public void onTestFailure(ITestResult result) {
            failures.put(nameOf(result), String.valueOf(result.getThrowable()));
        }

        @Override
        public void onTestSkipped(ITestResult result) {
            onTestFailure(result);
        }

        @Override
        public void onConfigurationFailure(ITestResult result) {
            onTestFailure(result);
        }

        private static String nameOf(ITestResult result) {
            return result.getTestClass().getRealClass().getSimpleName() + "." + result.getName();
        }
    }
}
