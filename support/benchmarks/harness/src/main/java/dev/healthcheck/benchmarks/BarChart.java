package dev.healthcheck.benchmarks;

import dev.healthcheck.benchmarks.Results.Measurement;
import java.util.List;
import java.util.Locale;

/** Bars with labels, as SVG that can be read on white and on black. */
final class BarChart {
    private static final int WIDTH = 720;
    private static final int ROW = 28;
    private static final int TOP = 40;
    private static final int LEFT = 190;
    private static final int LONGEST = 430;

    private static final String STYLE = """
            <style>
              text { font: 14px system-ui, sans-serif; fill: #1f2328; }
              .title { font-weight: 600; }
              .ours { fill: #1a7f37; }
              .other { fill: #6e7781; }
              @media (prefers-color-scheme: dark) {
                text { fill: #e6edf3; }
                .ours { fill: #3fb950; }
                .other { fill: #8b949e; }
              }
            </style>
            """;

    private BarChart() {}

    static String of(String title, List<Measurement> bars) {
        double most = bars.stream().mapToDouble(Measurement::median).max().orElse(1);
        StringBuilder svg = new StringBuilder();
        int height = TOP + ROW * bars.size() + 12;
        append(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">%n", WIDTH, height);
        append(svg, "<title>%s</title>%n", title);
        svg.append(STYLE);
        append(svg, "<text class=\"title\" x=\"12\" y=\"24\">%s</text>%n", title);
        for (int i = 0; i < bars.size(); i++) {
            bar(svg, bars.get(i), TOP + i * ROW, most);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void bar(StringBuilder svg, Measurement bar, int top, double most) {
        int length = (int) Math.max(1, Math.round(LONGEST * bar.median() / most));
        String kind = bar.contender().startsWith("healthcheck") ? "ours" : "other";
        int base = top + 16;
        append(svg, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n", LEFT - 10, base, bar.contender());
        append(
                svg,
                "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"2\"/>%n",
                kind,
                LEFT,
                top,
                length,
                ROW - 8);
        append(svg, "<text x=\"%d\" y=\"%d\">%s</text>%n", LEFT + length + 8, base, bar.text());
    }

    private static void append(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values).replace(System.lineSeparator(), "\n"));
    }
}
