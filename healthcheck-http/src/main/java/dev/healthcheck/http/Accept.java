package dev.healthcheck.http;

import java.util.List;

/**
 * Reads an {@code Accept} header according to <a href="https://www.rfc-editor.org/rfc/rfc9110#field.accept">RFC 9110,
 * section 12.5.1</a>: the most precise range decides on a media type, and the type with the highest weight wins. It
 * ignores parameters other than the weight, and elements that it cannot read.
 */
final class Accept {
    private Accept() {}

    /** Returns the index of the type with the highest weight, the first of equals; zero if the header accepts none. */
    static int best(String header, List<MediaType> offered) {
        int[] precision = new int[offered.size()];
        int[] weight = new int[offered.size()];
        for (int start = 0; start <= header.length(); ) {
            int end = end(header, start, ',', header.length());
            read(header.substring(start, end), offered, precision, weight);
            start = end + 1;
        }
        int best = 0;
        for (int i = 1; i < weight.length; i++) {
            if (weight[i] > weight[best]) {
                best = i;
            }
        }
        return best;
    }

    private static void read(String element, List<MediaType> offered, int[] precision, int[] weight) {
        MediaType range = MediaType.parse(element);
        if (range == null) {
            return;
        }
        int thousandths = weight(element);
        for (int i = 0; i < precision.length; i++) {
            int exact = range.precision(offered.get(i));
            if (exact > precision[i]) {
                precision[i] = exact;
                weight[i] = thousandths;
            }
        }
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

    private static int thousandths(String weight) {
        if (!weight.matches("0(\\.\\d{0,3})?|1(\\.0{0,3})?")) {
            return 0;
        }
        return (int) Math.round(Double.parseDouble(weight) * 1000);
    }

    private static int end(String text, int start, char delimiter, int otherwise) {
        int end = text.indexOf(delimiter, start);
        return end < 0 ? otherwise : end;
    }
}
