import org.jspecify.annotations.NullMarked;

/** Answers health probes over HTTP, for any server. */
@NullMarked
module dev.healthcheck.http {
    requires transitive dev.healthcheck;
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.core;
    requires org.slf4j;

    exports dev.healthcheck.http;
}
