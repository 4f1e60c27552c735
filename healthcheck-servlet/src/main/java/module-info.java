import org.jspecify.annotations.NullMarked;

/** Health probes over HTTP. */
@NullMarked
module dev.healthcheck.servlet {
    requires transitive dev.healthcheck;
    requires transitive jakarta.servlet;
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.core;
    requires org.slf4j;

    exports dev.healthcheck.servlet;
}
