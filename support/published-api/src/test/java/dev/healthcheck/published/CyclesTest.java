package dev.healthcheck.published;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.testkit.ClassCycles;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The classes of each module can be read one after the other. Core has a test of its own with a tighter bound. */
class CyclesTest {

    @ParameterizedTest
    @EnumSource
    void no_more_than_three_classes_depend_on_each_other(Library library) {
        assertThat(ClassCycles.around(library.member()))
                .allSatisfy(cycle -> assertThat(cycle).hasSizeLessThanOrEqualTo(3));
    }
}
