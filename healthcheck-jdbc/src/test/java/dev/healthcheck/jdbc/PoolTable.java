package dev.healthcheck.jdbc;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Each pool that has a check beside the same pool without one: as a table for people, and as rules that must hold. */
final class PoolTable<T extends PoolTable.Pool> {
    private static final Path DIRECTORY = Path.of("target", "pools");

    private final String title;
    private final List<T> pools;
    private final List<Column<T>> columns = new ArrayList<>();
    private final List<Rule<T>> rules = new ArrayList<>();

    PoolTable(String title, List<T> pools) {
        this.title = title;
        this.pools = pools;
        column("pool", (ours, control) -> ours.kind().label);
        column("database", (ours, control) -> ours.route().label);
        column("asked every", (ours, control) -> seconds(ours.interval()));
    }

    /** The facts known of one pool. */
    interface Pool {
        PoolKind kind();

        Route route();

        /** Of the prober. A control has none. */
        @Nullable
        Duration interval();

        default boolean isControl() {
            return interval() == null;
        }

        default boolean isControlOf(Pool other) {
            return isControl() && kind() == other.kind() && route() == other.route();
        }
    }

    @FunctionalInterface
    interface Rule<T> {
        /** Returns what is wrong with a pool that has a check, or null. */
        @Nullable
        String broken(T ours, T control);
    }

    private record Column<T>(String name, BiFunction<T, T, Object> value) {}

    PoolTable<T> column(String name, BiFunction<T, T, Object> value) {
        columns.add(new Column<>(name, value));
        return this;
    }

    PoolTable<T> rule(Rule<T> rule) {
        rules.add(rule);
        return this;
    }

    /** Writes the table first, whatever it says. */
    void check() throws IOException {
        column("broken rules", (ours, control) -> String.join("; ", broken(ours, control)));
        write();
        assertThat(guarded()).isNotEmpty();
        assertThat(guarded()
                        .flatMap(ours -> broken(ours, controlOf(ours)).stream().map(what -> name(ours) + what)))
                .as("%s; the table is in %s", title, DIRECTORY)
                .isEmpty();
    }

    private void write() throws IOException {
        List<String> lines = new ArrayList<>(List.of("### " + title, ""));
        lines.add(line(columns.stream().map(Column::name)));
        lines.add("|---".repeat(columns.size()) + "|");
        guarded()
                .map(ours -> line(columns.stream()
                        .map(column ->
                                column.value().apply(ours, controlOf(ours)).toString())))
                .forEach(lines::add);
        Files.createDirectories(DIRECTORY);
        String file = title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-") + ".md";
        Files.write(DIRECTORY.resolve(file), lines);
    }

    private static String line(Stream<String> cells) {
        return cells.collect(joining(" | ", "| ", " |"));
    }

    private Stream<T> guarded() {
        return pools.stream().filter(pool -> !pool.isControl());
    }

    private T controlOf(T ours) {
        return pools.stream()
                .filter(other -> other.isControlOf(ours))
                .findFirst()
                .orElseThrow();
    }

    private List<String> broken(T ours, T control) {
        List<String> broken = new ArrayList<>();
        for (Rule<T> rule : rules) {
            String what = rule.broken(ours, control);
            if (what != null) {
                broken.add(what);
            }
        }
        return broken;
    }

    private static String name(Pool ours) {
        return ours.kind().label + ", " + ours.route().label + ", asked every " + seconds(ours.interval()) + " s: ";
    }

    static String seconds(@Nullable Duration duration) {
        return duration == null ? "never" : String.format(Locale.ROOT, "%.2f", duration.toMillis() / 1000.0);
    }
}
