import org.jspecify.annotations.NullMarked;

/** Health probes over HTTP in servlet containers. */
@NullMarked
module dev.healthcheck.servlet {
    requires transitive dev.healthcheck.http;
    requires transitive jakarta.servlet;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports dev.healthcheck.servlet;
}
