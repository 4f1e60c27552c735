import org.jspecify.annotations.NullMarked;

/** Health checks of Redis. */
@NullMarked
// Lettuce has no module-info; its name is fixed in its manifest, so requiring it is safe.
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module dev.healthcheck.redis {
    requires transitive dev.healthcheck;
    requires transitive lettuce.core;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports dev.healthcheck.redis;
}
