import org.jspecify.annotations.NullMarked;

/** Health checks of databases. */
@NullMarked
module dev.healthcheck.jdbc {
    requires transitive dev.healthcheck;
    requires transitive java.sql;
    requires static com.zaxxer.hikari;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports dev.healthcheck.jdbc;
}
