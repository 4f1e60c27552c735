import org.jspecify.annotations.NullMarked;

/** Health checks of Redis. */
@NullMarked
// Lettuce has no module-info, nor has Netty before 4.2; their names are in their manifests, so requiring them is safe.
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module dev.healthcheck.redis {
    requires transitive dev.healthcheck;
    requires transitive lettuce.core;
    requires io.netty.common; // the threads of a client are of its types
    requires static transitive org.jspecify;

    exports dev.healthcheck.redis;
}
