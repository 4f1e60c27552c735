package dev.healthcheck.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.Probe;
import java.math.BigDecimal;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Properties that hold for every request. */
@Timeout(300) // seconds: thousands of requests, perhaps on a busy machine
class FuzzTest {
    private static final List<MediaType> OFFERED =
            RandomRequests.TYPES.stream().map(MediaType::of).toList();

    private static final List<String> WEIGHTS = List.of(
            "", ";q=0", ";q=0.0", ";q=1", ";q=1.000", ";q=0.5", "; q=0.25", ";Q=0.001", ";v=1;q=0.999", " ;q=0.");
    private static final List<String> RANGES = Stream.concat(
                    RandomRequests.TYPES.stream(),
                    Stream.of("*/*", "text/*", "application/*", "image/png", "TEXT/Html"))
            .toList();
    private static final Map<String, ProbeTarget<?>> REPORTS = Map.of(
            "", new ReportTarget(null),
            "/live", new ReportTarget(Probe.LIVENESS),
            "/liveness", new ReportTarget(Probe.LIVENESS),
            "/livez", new ReportTarget(Probe.LIVENESS),
            "/ready", new ReportTarget(Probe.READINESS),
            "/readiness", new ReportTarget(Probe.READINESS),
            "/startup", new ReportTarget(Probe.STARTUP),
            "/started", new ReportTarget(Probe.STARTUP));

    @Test
    void whatever_is_accepted_one_of_the_forms_is_chosen_and_always_the_same() {
        Randoms.forAll(20_000, randoms -> RandomRequests.accept(randoms, 30, 0x180), header -> {
            int best = best(header);

            assertThat(best).isBetween(0, OFFERED.size() - 1).isEqualTo(best(header));
        });
    }

    @Test
    void what_is_well_formed_is_weighed_as_the_standard_has_it() {
        Randoms.forAll(
                20_000, FuzzTest::wellFormed, header -> assertThat(best(header)).isEqualTo(bestByTheBook(header)));
    }

    @Test
    void a_path_asks_for_a_report_or_for_the_check_of_its_name() {
        Randoms.forAll(20_000, randoms -> "/" + RandomRequests.path(randoms, 8, 0x10000), path -> {
            ProbeTarget<?> target = Paths.target("/health", path);

            String bare = path.replaceAll("/$", "");
            ProbeTarget<?> named = bare.isEmpty() ? target : new CheckTarget(bare.substring(1));
            assertThat(target).isEqualTo(REPORTS.getOrDefault(bare, named));
        });
    }

    @Test
    void a_path_asks_for_the_same_with_a_slash_at_its_end() {
        Randoms.forAll(5_000, randoms -> "/" + RandomRequests.path(randoms, 8, 0x10000), path -> {
            String bare = path.replaceAll("/+$", "");

            assertThat(Paths.target("/health", bare + "/")).isEqualTo(Paths.target("/health", bare));
        });
    }

    @Test
    void the_way_home_leads_home_or_nowhere() {
        Randoms.forAll(5_000, randoms -> "/" + randoms.joined(List.of("/", "a", "b"), 12, 1), text -> {
            String path = text.replaceAll("[^a/]", "b");
            String home = Paths.home("/health", path);

            if (home != null && !path.contains("//")) { // which java.net.URI takes for one slash
                assertThat(URI.create("http://localhost/health" + path)
                                .resolve(home)
                                .getPath())
                        .isEqualTo("/health/");
            }
            assertThat(home == null).isEqualTo(path.matches("/[^/]*/.+"));
        });
    }

    private static String wellFormed(Randoms randoms) {
        StringBuilder header = new StringBuilder();
        for (int i = randoms.below(8); i >= 0; i--) {
            header.append(randoms.oneOf(RANGES)).append(randoms.oneOf(WEIGHTS)).append(i == 0 ? "" : ", ");
        }
        return header.toString();
    }

    private static int best(String header) {
        return new Accept(header, OFFERED).best();
    }

    /**
     * A slow and plain reference: the first of the most precise ranges gives a type its weight. Of equals, the first that
     * is named wins, otherwise the first on offer.
     */
    private static int bestByTheBook(String header) {
        return RandomRequests.TYPES.stream()
                .filter(type -> weight(header, type).signum() > 0)
                .min(Comparator.comparing((String type) -> weight(header, type))
                        .reversed()
                        .thenComparing(type -> place(header, type)))
                .map(RandomRequests.TYPES::indexOf)
                .orElse(0);
    }

    private static int place(String header, String type) {
        List<String> names = Stream.of(header.split(",", -1))
                .map(element -> element.replaceAll(";.*", "").strip().toLowerCase(Locale.ROOT))
                .toList();
        int place = names.indexOf(type);
        return place < 0 ? Integer.MAX_VALUE : place;
    }

    private static BigDecimal weight(String header, String type) {
        String all = type.substring(0, type.indexOf('/')) + "/*";
        for (String range : List.of(type, all, "*/*")) {
            for (String element : header.split(",", -1)) {
                String[] parts = element.strip().split(";", -1);
                if (parts[0].strip().equalsIgnoreCase(range)) {
                    String last = parts[parts.length - 1].strip();
                    return last.matches("[qQ]=.*") ? new BigDecimal(last.substring(2)) : BigDecimal.ONE;
                }
            }
        }
        return BigDecimal.ZERO;
    }
}
