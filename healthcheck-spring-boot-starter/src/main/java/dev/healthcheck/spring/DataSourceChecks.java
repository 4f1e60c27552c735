package dev.healthcheck.spring;

import dev.healthcheck.CheckOptions;
import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.jdbc.JdbcHealthCheck;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * Checks of data sources, arranged as Spring Boot arranges its indicators: one for one data source, else several by the
 * names of the beans; in the place of a routing data source those that it routes to. Immutable.
 *
 * @param beans the data sources by the names of their beans
 * @param validationQueries returns the query by which a pool tests its connections; null if there is none
 */
record DataSourceChecks(Map<String, DataSource> beans, Function<DataSource, @Nullable String> validationQueries) {

    /** Returns this without routing data sources. */
    DataSourceChecks withoutRouting() {
        Map<String, DataSource> others = new LinkedHashMap<>(beans);
        others.values().removeIf(DataSourceChecks::isRouting);
        return new DataSourceChecks(others, validationQueries);
    }

    /** Returns what becomes of the checks. */
    <T> T arranged(Arrangement<T> arrangement) {
        Assert.notEmpty(beans, "'beans' must not be empty"); // as Spring says it
        return beans.size() == 1
                ? arranged(beans.values().iterator().next(), arrangement)
                : arranged(beans, arrangement);
    }

    private <T> T arranged(Map<String, DataSource> sources, Arrangement<T> arrangement) {
        Map<String, T> each = new LinkedHashMap<>();
        sources.forEach((name, source) -> each.put(name, arranged(source, arrangement)));
        return arrangement.several(each);
    }

    private <T> T arranged(DataSource source, Arrangement<T> arrangement) {
        if (isRouting(source)) {
            return arranged(targets(source), arrangement);
        }
        String query = validationQueries.apply(source);
        return arrangement.one(() -> check(source, query));
    }

    private static HealthCheck check(DataSource source, @Nullable String query) {
        JdbcHealthCheck check = JdbcHealthCheck.of(source);
        return StringUtils.hasText(query)
                ? new DetailedCheck(check.query(query), query)
                : new DetailedCheck(check, "isValid()");
    }

    private static boolean isRouting(DataSource source) {
        try {
            return source instanceof AbstractRoutingDataSource || source.isWrapperFor(AbstractRoutingDataSource.class);
        } catch (SQLException e) {
            return false;
        }
    }

    private static Map<String, DataSource> targets(DataSource source) {
        return routing(source).getResolvedDataSources().entrySet().stream()
                .collect(Collectors.toMap(target -> Objects.toString(target.getKey(), "unnamed"), Map.Entry::getValue));
    }

    private static AbstractRoutingDataSource routing(DataSource source) {
        try {
            return source instanceof AbstractRoutingDataSource routing
                    ? routing
                    : source.unwrap(AbstractRoutingDataSource.class);
        } catch (SQLException e) {
            throw new IllegalStateException("no AbstractRoutingDataSource in " + source, e);
        }
    }

    /** A check with the detail by which Spring's own indicator says what it asks. */
    private record DetailedCheck(JdbcHealthCheck database, String query) implements HealthCheck {

        @Override
        public CheckResult check() {
            return database.check().withDetail("validationQuery", query);
        }

        @Override
        public CheckResult check(Deadline deadline) {
            return database.check(deadline).withDetail("validationQuery", query);
        }

        @Override
        public CheckOptions options(CheckOptions defaults) {
            return database.options(defaults);
        }
    }
}
