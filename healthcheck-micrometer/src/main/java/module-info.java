import org.jspecify.annotations.NullMarked;

/** Metrics of health checks. HTTP is optional. */
@NullMarked
// Micrometer has no module-info; its name is in its manifest, so requiring it is safe.
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module dev.healthcheck.micrometer {
    requires transitive dev.healthcheck;
    requires static dev.healthcheck.http; // not transitive: a module without it must compile
    requires transitive micrometer.core;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports dev.healthcheck.micrometer;
}
