package dev.healthcheck.http;

import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Random texts, the same ones each time. These properties change that:
 *
 * <ul>
 *   <li>{@code -Dhealthcheck.seed=random}: others each time. CI sets it.
 *   <li>{@code -Dhealthcheck.seed=4711}: those of this seed, which a failure names.
 *   <li>{@code -Dhealthcheck.cases=100000}: so many.
 * </ul>
 */
public final class Randoms {
    private static final long SEED = seed(System.getProperty("healthcheck.seed", "1"));

    private final Random random;

    private Randoms(long seed) {
        random = new Random(seed);
    }

    private static long seed(String property) {
        return property.equals("random") ? new Random().nextInt(Integer.MAX_VALUE) : Long.parseLong(property);
    }

    /** A check that fails by throwing. */
    public interface Property {
        void check(String text) throws Exception;
    }

    /** Makes a text. */
    public interface Source {
        String next(Randoms randoms);
    }

    public static void forAll(int cases, Source source, Property property) {
        for (int i = 0; i < Integer.getInteger("healthcheck.cases", cases); i++) {
            String text = source.next(new Randoms(SEED * 1_000_003 + i));
            Throwable thrown = thrown(property, text);
            if (thrown != null) {
                String shrunk = shrunk(property, text, thrown.getClass());
                throw new AssertionError("for " + escaped(shrunk) + ", case " + i + " of seed " + SEED, thrown);
            }
        }
    }

    public int below(int bound) {
        return random.nextInt(bound);
    }

    public String oneOf(List<String> texts) {
        return texts.get(below(texts.size()));
    }

    /** Returns up to {@code most} of {@code parts}, and sometimes a character below {@code limit} instead. */
    public String joined(List<String> parts, int most, int limit) {
        StringBuilder text = new StringBuilder();
        for (int left = below(most + 1); left > 0; left--) {
            text.append(below(5) == 0 ? String.valueOf((char) below(limit)) : oneOf(parts));
        }
        return text.toString();
    }

    /** Leaves out halves, quarters and so on as long as the rest fails in the same way. */
    private static String shrunk(Property property, String text, Class<?> type) {
        String shortest = text;
        for (int length = Math.max(1, text.length() / 2); length > 0; length /= 2) {
            for (int start = 0; start < shortest.length(); ) {
                int end = Math.min(shortest.length(), start + length);
                String without = shortest.substring(0, start) + shortest.substring(end);
                if (!type.isInstance(thrown(property, without))) {
                    start += length;
                } else {
                    shortest = without;
                }
            }
        }
        return shortest;
    }

    private static @Nullable Throwable thrown(Property property, String text) {
        try {
            property.check(text);
            return null;
        } catch (Throwable t) { // a failed assertion is an error
            return t;
        }
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder("\"");
        text.chars()
                .forEach(c -> escaped.append(
                        c >= ' ' && c < 127 && c != '"' && c != '\\'
                                ? String.valueOf((char) c)
                                : String.format("\\u%04x", c)));
        return escaped.append('"').toString();
    }
}
