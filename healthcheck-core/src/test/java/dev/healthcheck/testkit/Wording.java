package dev.healthcheck.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;

/** What every text for people keeps to: durations that people read, and plurals that fit their numbers. */
public final class Wording {
    private static final List<Pattern> FAULTS = List.of(
            Pattern.compile("PT-?\\d"),
            Pattern.compile("\\d{4,}(\\.\\d+)?[\\s\\u00a0](ms|s|min|h)\\b"),
            Pattern.compile("\\b60(\\.0)?[\\s\\u00a0](s|min)\\b"),
            Pattern.compile("\\b1 (\\w+ )?(runs|failures|checks|events|threads|times|changes|reports|days)\\b"));

    private Wording() {}

    /** Asserts that {@code text}, written for people, has no duration in the form of programs and no wrong plural. */
    public static void assertForPeople(String text) {
        for (Pattern fault : FAULTS) {
            assertThat(text).doesNotContainPattern(fault);
        }
    }
}
