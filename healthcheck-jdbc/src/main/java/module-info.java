import org.jspecify.annotations.NullMarked;

/** Health checks of databases. HikariCP is optional. */
@NullMarked
module dev.healthcheck.jdbc {
    requires transitive dev.healthcheck;
    requires transitive java.sql;
    requires static com.zaxxer.hikari;
    requires static transitive org.jspecify;

    exports dev.healthcheck.jdbc;
}
