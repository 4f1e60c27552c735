package dev.healthcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.CharBuffer;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** C1 to C3: results are immutable, bounded and plain, whatever a check puts into them. */
class CheckResultTest {

    @ParameterizedTest // C1
    @ValueSource(strings = {"a", "7", "pool-exhausted", "a-1-b", "0123456789012345678901234567890123456789"})
    void reasons_that_are_codes(String code) {
        assertThat(CheckResult.up().withReason(code).reason()).isEqualTo(code);
    }

    @ParameterizedTest // C1
    @ValueSource(
            strings = {
                "",
                "-",
                "a-",
                "-a",
                "a--b",
                "A",
                "a b",
                "ä",
                "a\n",
                "a_b",
                "no route to 10.0.0.7",
                "01234567890123456789012345678901234567890"
            })
    void reasons_that_are_none(String code) {
        assertThatThrownBy(() -> use(CheckResult.up().withReason(code)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("reason: \"" + code + "\" (expected: [a-z0-9]+(-[a-z0-9]+)*, at most 40 characters)");
    }

    @Test // C1
    void the_refusal_of_a_huge_reason_is_short() {
        assertThatThrownBy(() -> use(CheckResult.up().withReason("a".repeat(1_000_000))))
                .message()
                .hasSizeLessThan(1200);
    }

    @Test // C2
    void results_are_immutable() {
        CheckResult up = CheckResult.up();
        CheckResult more = up.withDetail("a", 1).withDetail("b", List.of(1)).withReason("slow-disk");

        assertThat(up.withDetail("b", 2)).isNotSameAs(up);
        assertThat(up.details()).isEmpty();
        assertThat(up.reason()).isNull();
        assertThat(more.withDetail("a", 2).details()).containsEntry("a", 2);
        assertThat(more.details()).containsEntry("a", 1);
        assertThatThrownBy(() -> more.details().put("c", 3)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> up.details().put("c", 3)).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test // C2
    void details_are_copied_when_they_are_added_and_cannot_be_changed_afterwards() {
        List<Object> inner = new ArrayList<>(List.of("x"));
        Map<String, Object> outer = new HashMap<>(Map.of("inner", inner));
        AtomicLong counter = new AtomicLong(7);
        StringBuilder text = new StringBuilder("text");
        CheckResult result = CheckResult.up()
                .withDetail("map", outer)
                .withDetail("counter", counter)
                .withDetail("text", text);

        inner.add("y");
        outer.clear();
        counter.set(8);
        text.append(" more");

        assertThat(result.details())
                .containsEntry("map", Map.of("inner", List.of("x")))
                .containsEntry("counter", 7L)
                .containsEntry("text", "text");
        Map<?, ?> copy = (Map<?, ?>) result.details().get("map");
        assertThatThrownBy(copy::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(((List<?>) copy.get("inner"))::clear).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test // C2
    void details_keep_the_order_in_which_they_were_added_and_may_be_null() {
        CheckResult result = CheckResult.up()
                .withDetail("b", null)
                .withDetail("a", true)
                .withDetail("c", 'x')
                .withDetail("b", 1.5);

        assertThat(result.details().keySet()).containsExactly("b", "a", "c");
        assertThat(CheckResult.up().withDetail("n", null).details()).containsEntry("n", null);
        assertThat(result.details()).containsEntry("c", "x").containsEntry("b", 1.5);
    }

    @Test // C3
    void texts_are_cut_and_not_in_the_middle_of_a_character() {
        String smile = "\uD83D\uDE00";
        String atTheEdge = "a".repeat(998) + smile.repeat(10);

        for (String text : new String[] {
            CheckResult.down("a".repeat(5000)).message(),
            CheckResult.degraded("a".repeat(5000)).message(),
            (String) detail("a".repeat(5000)),
            (String) detail(CharBuffer.wrap("a".repeat(5000)))
        }) {
            assertThat(text).isEqualTo("a".repeat(999) + "…");
        }
        assertThat((String) detail(atTheEdge)).isEqualTo("a".repeat(998) + "…");
        assertThat((String) detail("a".repeat(998) + smile + "bc")).isEqualTo("a".repeat(998) + "…");
        assertThat(CheckResult.down("a".repeat(1000)).message()).hasSize(1000).doesNotContain("…");
        assertThat(CheckResult.up().withDetail("k".repeat(5000), 1).details().keySet())
                .allMatch(key -> key.length() <= 1000);
    }

    @Test // C3
    void details_beyond_a_hundred_become_an_ellipsis() {
        CheckResult result = CheckResult.up();
        for (int i = 0; i < 250; i++) {
            result = result.withDetail("detail-" + i, i);
        }

        assertThat(result.details()).hasSize(101).containsEntry("detail-99", 99).containsEntry("…", "…");
        assertThat(result.withDetail("detail-7", "new").details()).containsEntry("detail-7", "new");
    }

    @Test // C3
    void collections_without_end_are_cut() {
        Object endless = new AbstractList<Integer>() {
            @Override
            public Integer get(int index) {
                return index;
            }

            @Override
            public int size() {
                return Integer.MAX_VALUE;
            }
        };

        assertThat(((List<?>) detail(endless)).size()).isLessThanOrEqualTo(101);
        assertThat(detail(endless).toString()).endsWith(", …]");
        assertThat(parts(detail(Collections.nCopies(50, Collections.nCopies(50, 1)))))
                .isLessThan(250);
        assertThat(parts(detail(Map.of("a", endless, "b", endless)))).isLessThan(250);
        assertThat((List<?>) detail(new Integer[] {1, null, 3})).hasSize(3);
    }

    @Test // C3
    void a_detail_has_at_most_a_hundred_parts() {
        assertThat(detail(Collections.nCopies(99, 1))).isEqualTo(Collections.nCopies(99, 1));
        assertThat(detail(Collections.nCopies(100, 1))).asString().endsWith(", …]");
        assertThat(((Map<?, ?>) detail(numbered(99))).keySet().toString()).doesNotContain("…");
        assertThat(((Map<?, ?>) detail(numbered(100))).keySet().toString()).endsWith(", …]");
    }

    private static Map<Integer, Integer> numbered(int entries) {
        Map<Integer, Integer> map = new HashMap<>();
        for (int i = 0; i < entries; i++) {
            map.put(i, i);
        }
        return map;
    }

    @Test // C3
    void collections_that_hold_themselves_and_deep_ones_are_cut() {
        List<Object> cyclic = new ArrayList<>();
        cyclic.add(cyclic);
        cyclic.add(cyclic);
        Map<String, Object> map = new HashMap<>();
        map.put("self", map);
        Object[] array = new Object[1];
        array[0] = array;
        Object deep = 1;
        for (int i = 0; i < 100_000; i++) {
            deep = List.of(deep);
        }

        assertThat(parts(detail(cyclic))).isLessThan(250);
        assertThat(detail(map).toString()).hasSizeLessThan(100);
        assertThat(detail(array).toString()).hasSizeLessThan(100);
        assertThat(detail(deep).toString()).isEqualTo("[[[[[…]]]]]");
    }

    static Object[] hostile() {
        return new Object[] {
            new Object() {
                @Override
                public String toString() {
                    throw new IllegalStateException("no text");
                }
            },
            new Object() {
                @Override
                @SuppressWarnings("ToStringReturnsNull") // as a careless class might
                public String toString() {
                    return null;
                }
            },
            new Object() {
                @SuppressWarnings("InfiniteRecursion")
                @Override
                public String toString() {
                    return toString() + toString();
                }
            },
            new AbstractList<Object>() {
                @Override
                public Object get(int index) {
                    throw new IllegalStateException("no element");
                }

                @Override
                public int size() {
                    return 3;
                }

                @Override
                public String toString() {
                    throw new IllegalStateException("no text");
                }
            },
            new AbstractList<Object>() {
                @Override
                public Object get(int index) {
                    return index;
                }

                @Override
                public int size() {
                    return 3;
                }

                @Override
                public Iterator<Object> iterator() {
                    return null;
                }
            },
            new AbstractMap<Object, Object>() {
                @Override
                public Set<Map.Entry<Object, Object>> entrySet() {
                    return null;
                }
            }
        };
    }

    @ParameterizedTest // C2
    @MethodSource("hostile")
    void what_cannot_be_read_becomes_a_text_that_says_so(Object hostile) {
        assertThat(detail(hostile)).isInstanceOf(String.class);
        assertThat(detail(List.of(hostile))).isInstanceOf(Object.class);
    }

    @Test // C2
    void numbers_that_no_format_can_write_become_their_texts() {
        assertThat(detail(Double.NaN)).isEqualTo("NaN");
        assertThat(detail(Double.NEGATIVE_INFINITY)).isEqualTo("-Infinity");
        assertThat(detail(Float.NaN)).isEqualTo("NaN");
        assertThat(detail(Double.MAX_VALUE)).isEqualTo(Double.MAX_VALUE);
        assertThat(detail(BigInteger.TWO.pow(100))).isEqualTo(BigInteger.TWO.pow(100));
        assertThat((String) detail(BigInteger.TEN.pow(5000))).hasSize(1000);
        assertThat((String) detail(new BigDecimal(BigInteger.TEN.pow(5000), 7))).hasSize(1000);
        assertThat(detail(new BigDecimal("1E+1000000000"))).isEqualTo("1E+1000000000");
        assertThat(detail(new BigDecimal("12.50"))).isEqualTo(new BigDecimal("12.50"));
    }

    @Test // C3
    void numbers_are_kept_up_to_a_length_that_can_be_shown() {
        BigInteger longest = BigInteger.TWO.pow(3000).subtract(BigInteger.ONE);

        assertThat(detail(1.5f)).isEqualTo(1.5f);
        assertThat(detail(longest)).isEqualTo(longest);
        assertThat(detail(longest.add(BigInteger.ONE))).isInstanceOf(String.class);
        assertThat(detail(new BigDecimal(longest, 1000))).isEqualTo(new BigDecimal(longest, 1000));
        assertThat(detail(new BigDecimal(longest.add(BigInteger.ONE), 1000))).isInstanceOf(String.class);
        assertThat(detail(new BigDecimal(longest, 1001))).isInstanceOf(String.class);
    }

    @Test // C2
    void a_number_of_a_foreign_class_becomes_its_text() {
        BigInteger foreign = new BigInteger("7") {
            private static final long serialVersionUID = 1;

            @Override
            public String toString() {
                return "not what it seems";
            }
        };
        BigDecimal decimal = new BigDecimal("7") {
            private static final long serialVersionUID = 1;

            @Override
            public String toString() {
                return "not what it seems";
            }
        };

        assertThat(detail(foreign)).isEqualTo("not what it seems");
        assertThat(detail(decimal)).isEqualTo("not what it seems");
    }

    @Test // C3
    void a_cause_is_told_with_its_causes_and_no_more_than_five() {
        Throwable cause = new IOException("innermost");
        for (int i = 0; i < 10; i++) {
            cause = new IllegalStateException("level " + i, cause);
        }
        CheckResult result = CheckResult.down(cause);

        assertThat(result.cause()).isSameAs(cause);
        assertThat(result.message()).isNull();
        assertThat(result.error())
                .startsWith(
                        "java.lang.IllegalStateException: level 9, caused by java.lang.IllegalStateException: level 8,")
                .endsWith("level 5");
        assertThat(CheckResult.down("text").withCause(new IOException()).error())
                .isEqualTo("java.io.IOException");
    }

    @Test // C3
    void causes_that_go_round_or_throw_or_never_end_are_told_all_the_same() {
        Exception one = new Exception("one");
        Exception two = new Exception("two", one);
        one.initCause(two);
        Exception mute = new Exception() {
            private static final long serialVersionUID = 1;

            @Override
            public String getMessage() {
                throw new IllegalStateException("no message");
            }

            @Override
            public synchronized Throwable getCause() {
                throw new StackOverflowError();
            }
        };

        assertThat(CheckResult.down(one).error()).hasSizeLessThan(500);
        assertThat(CheckResult.down(mute).error()).contains("its getMessage threw java.lang.IllegalStateException");
        assertThat(CheckResult.down(new Exception("a".repeat(1_000_000))).error())
                .hasSizeLessThan(1100);
    }

    @Test // C16
    void results_are_told_by_status_and_reason_alone() {
        assertThat(CheckResult.up()).hasToString("UP");
        assertThat(CheckResult.down("jdbc:postgresql://user:secret@host").withReason("auth"))
                .hasToString("DOWN (auth)");
    }

    private static Object detail(Object value) {
        return CheckResult.up().withDetail("detail", value).details().get("detail");
    }

    private static int parts(Object plain) {
        if (plain instanceof List<?> list) {
            return 1 + list.stream().mapToInt(CheckResultTest::parts).sum();
        }
        if (plain instanceof Map<?, ?> map) {
            return 1 + map.values().stream().mapToInt(CheckResultTest::parts).sum();
        }
        return 1;
    }

    private static void use(Object result) {
        assertThat(result).isNotNull();
    }
}
