package dev.healthcheck;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Copies a detail's value into immutable strings, numbers, booleans, lists and maps, with a bound on depth and size.
 */
final class PlainValue {
    private static final int DEEPEST = 5;
    private static final int MOST_PARTS = 100;
    private static final int MOST_BITS = 3000; // some 900 digits
    private static final int MOST_SCALE = 1000; // beyond it, some write as many zeros
    private static final String CUT = "\u2026";
    private static final Set<Class<?>> IMMUTABLE = Set.of(
            Boolean.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            BigInteger.class,
            BigDecimal.class);

    private int parts;

    private PlainValue() {}

    static @Nullable Object of(@Nullable Object value) {
        try {
            return new PlainValue().copy(value, 0);
        } catch (Throwable t) { // a collection of a foreign class may do anything, and must not fail the check
            return PlainText.of(t);
        }
    }

    private @Nullable Object copy(@Nullable Object value, int depth) {
        parts++;
        if (value == null || isPlain(value)) {
            return value;
        }
        if (value instanceof Map<?, ?> map) {
            return depth == DEEPEST ? CUT : copyMap(map, depth + 1);
        }
        if (value instanceof Collection<?> collection) {
            return depth == DEEPEST ? CUT : copyList(collection, depth + 1);
        }
        if (value instanceof Object[] array) {
            return copy(Arrays.asList(array), depth);
        }
        if (value instanceof AtomicInteger || value instanceof AtomicLong || value instanceof LongAdder) {
            return ((Number) value).longValue();
        }
        return value instanceof String text ? PlainText.cut(text) : PlainText.of(value);
    }

    /**
     * A number that no format of ours can write, such as a NaN, or that would fill a page with, is shown by its text.
     */
    private static boolean isPlain(Object value) {
        if (value instanceof Double number) {
            return Double.isFinite(number);
        }
        if (value instanceof Float number) {
            return Float.isFinite(number);
        }
        if (!IMMUTABLE.contains(value.getClass())) {
            return false; // nor a subclass of a number, which may be anything
        }
        if (value instanceof BigInteger number) {
            return number.bitLength() <= MOST_BITS;
        }
        return !(value instanceof BigDecimal number)
                || (number.unscaledValue().bitLength() <= MOST_BITS && Math.abs((long) number.scale()) <= MOST_SCALE);
    }

    private List<@Nullable Object> copyList(Collection<?> collection, int depth) {
        var copy = new ArrayList<@Nullable Object>();
        for (Object value : collection) {
            if (parts >= MOST_PARTS) {
                copy.add(CUT);
                break;
            }
            copy.add(copy(value, depth));
        }
        return Collections.unmodifiableList(copy);
    }

    private Map<String, @Nullable Object> copyMap(Map<?, ?> map, int depth) {
        var copy = new LinkedHashMap<String, @Nullable Object>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (parts >= MOST_PARTS) {
                copy.put(CUT, CUT);
                break;
            }
            Object key = entry.getKey();
            copy.put(key == null ? "null" : PlainText.of(key), copy(entry.getValue(), depth));
        }
        return Collections.unmodifiableMap(copy);
    }
}
