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
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * Contributors for data sources, arranged as Spring Boot arranges its own: one for one data source, else a composite with
 * the names of the beans; in the place of a routing data source a composite of those that it routes to. Immutable.
 */
final class DataSourceContributors {
    private final Function<DataSource, @Nullable String> validationQueries;
    private final boolean ignoreRouting;

    /**
     * Makes contributors.
     *
     * @param validationQueries returns the query by which a pool tests its connections; null if there is none
     * @param ignoreRouting whether there is nothing for routing data sources
     */
    DataSourceContributors(Function<DataSource, @Nullable String> validationQueries, boolean ignoreRouting) {
        this.validationQueries = validationQueries;
        this.ignoreRouting = ignoreRouting;
    }

    /** Returns the contributor for some beans. */
    HealthContributor of(Map<String, DataSource> beans) {
        Map<String, DataSource> asked = new LinkedHashMap<>(beans);
        if (ignoreRouting) {
            asked.values().removeIf(DataSourceContributors::isRouting);
        }
        Assert.notEmpty(asked, "'beans' must not be empty"); // as Spring says it
        return asked.size() == 1 ? of(asked.values().iterator().next()) : composite(asked);
    }

    private HealthContributor composite(Map<String, DataSource> sources) {
        return CompositeHealthContributor.fromMap(sources, this::of);
    }

    private HealthContributor of(DataSource source) {
        if (isRouting(source)) {
            return composite(targets(source));
        }
        String query = validationQueries.apply(source);
        return new SubstituteIndicator("healthcheck.jdbc.enabled", () -> check(source, query));
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
