package dev.healthcheck.http;

import java.util.Arrays;
import java.util.List;

/**
 * The weights that an {@code Accept} header gives to the media types on offer, according to <a
 * href="https://www.rfc-editor.org/rfc/rfc9110#field.accept">RFC 9110, section 12.5.1</a>: the most precise range
 * decides on a media type. Ignores parameters other than the weight, and elements that it cannot read. Takes time
 * proportional to the length of the header.
 */
final class Accept {
    private static final int UNNAMED = Integer.MAX_VALUE;

    private final List<MediaType> offered;
    private final int[] precision;
    /** In thousandths. */
    private final int[] weight;
    /** Where the header names the type itself. {@link #UNNAMED} if only a wildcard covers the type. */
    private final int[] place;

    private boolean anything;

    Accept(String header, List<MediaType> offered) {
        this.offered = offered;
        precision = new int[offered.size()];
        weight = new int[offered.size()];
        place = new int[offered.size()];
        Arrays.fill(place, UNNAMED);
        for (int start = 0; start <= header.length(); ) {
            int end = end(header, start, ',', header.length());
            read(header.substring(start, end), start);
            start = end + 1;
        }
    }

    /**
     * Returns the index of the type with the highest weight. Of equals, the type that the header names itself wins, and
     * of several the one that it names first; otherwise the first on offer. Returns zero if the header accepts none.
     */
    int best() {
        return bestExcept(-1);
    }

    /** Returns the best of all types but the one at index {@code excluded}. */
    int bestExcept(int excluded) {
        int best = 0;
        for (int i = 1; i < weight.length; i++) {
            if (i != excluded && isBetter(i, best)) {
                best = i;
            }
        }
        return best;
    }

    private boolean isBetter(int i, int other) {
        return weight[i] > weight[other] || (weight[i] > 0 && weight[i] == weight[other] && place[i] < place[other]);
    }

    /** Returns whether the header has {@code *}{@code /*}, or names a type of JSON that is on offer. */
    boolean namesJsonOrAll() {
        for (int i = 0; i < place.length; i++) {
            if (place[i] != UNNAMED && weight[i] > 0 && offered.get(i).isJson()) {
                return true;
            }
        }
        return anything;
    }

    private void read(String element, int start) {
        MediaType range = MediaType.parse(element);
        if (range == null) {
            return;
        }
        int thousandths = weight(element);
        for (int i = 0; i < precision.length; i++) {
            int match = range.precision(offered.get(i));
            if (match > precision[i]) {
                precision[i] = match;
                weight[i] = thousandths;
                place[i] = match == MediaType.SAME ? start : UNNAMED;
            }
        }
        anything |= range.isAnything() && thousandths > 0;
    }

    /** Returns 500 for {@code q=0.5}, 1000 without a weight, 0 for an invalid one. */
    private static int weight(String element) {
        for (int semicolon = element.indexOf(';'); semicolon >= 0; ) {
            int end = end(element, semicolon + 1, ';', -1);
            String parameter = element.substring(semicolon + 1, end < 0 ? element.length() : end)
                    .strip();
            if (parameter.length() > 1 && parameter.charAt(1) == '=' && "qQ".indexOf(parameter.charAt(0)) >= 0) {
                return thousandths(parameter.substring(2));
            }
            semicolon = end;
        }
        return 1000;
    }

    /** Reads {@code 0.5}, {@code 1}, and {@code .2}, which old Java clients send. */
    private static int thousandths(String weight) {
        int point = end(weight, 0, '.', weight.length());
        int digits = weight.length() - point - 1;
        if (weight.isEmpty() || point > 1 || digits > 3) {
            return 0;
        }
        int sum = 0;
        int unit = point == 0 ? 100 : 1000;
        for (int i = 0; i < weight.length(); i++) {
            if (i == point) {
                continue;
            }
            int digit = weight.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            sum += digit * unit;
            unit /= 10;
        }
        return sum <= 1000 ? sum : 0;
    }

    private static int end(String text, int start, char delimiter, int otherwise) {
        int end = text.indexOf(delimiter, start);
        return end < 0 ? otherwise : end;
    }
}
