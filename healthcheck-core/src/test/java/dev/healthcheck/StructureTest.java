package dev.healthcheck;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.healthcheck.testkit.ClassCycles;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The classes of core can be read one after the other, and the ready-made checks are written as users write theirs. */
class StructureTest {
    private static final String ENGINE = "dev.healthcheck";
    private static final String CHECKS = "dev.healthcheck.checks";

    private static final JavaClasses CLASSES = ClassCycles.importer()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ENGINE);

    @Test
    void no_more_than_two_classes_depend_on_each_other() {
        List<List<String>> cycles = ClassCycles.around(HealthCheck.class);

        assertThat(cycles).as("a report reads its history").contains(List.of("CheckReport", "History"));
        assertThat(cycles).allSatisfy(cycle -> assertThat(cycle).hasSizeLessThanOrEqualTo(2));
    }

    @Test
    void the_ready_made_checks_use_the_public_types_only() {
        List<Dependency> uses = dependencies(CHECKS, ENGINE);

        assertThat(uses).isNotEmpty();
        assertThat(uses).filteredOn(each -> !isPublic(each.getTargetClass())).isEmpty();
    }

    @Test
    void what_is_given_to_users_holds_no_run_and_no_check() {
        List<String> engine = List.of("Run", "RunThread", "RegisteredCheck", "Workers", "RegistryContext");
        List<Dependency> ofPublicTypes = dependencies(ENGINE, ENGINE).stream()
                .filter(each -> isPublic(each.getOriginClass()))
                .filter(each -> !each.getOriginClass().getName().startsWith(HealthCheckRegistry.class.getName()))
                .toList();

        assertThat(ofPublicTypes).isNotEmpty();
        assertThat(ofPublicTypes)
                .filteredOn(each -> engine.contains(each.getTargetClass().getSimpleName()))
                .isEmpty();
    }

    @Test
    void the_engine_does_not_know_the_ready_made_checks() {
        assertThat(dependencies(ENGINE, CHECKS)).isEmpty();
    }

    private List<Dependency> dependencies(String from, String to) {
        return CLASSES.stream()
                .flatMap(each -> each.getDirectDependenciesFromSelf().stream())
                .filter(each -> each.getOriginClass().getPackageName().equals(from))
                .filter(each -> each.getTargetClass().getPackageName().equals(to))
                .toList();
    }

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC);
    }
}
