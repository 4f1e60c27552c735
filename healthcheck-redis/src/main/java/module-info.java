import org.jspecify.annotations.NullMarked;

/** Health checks of Redis. */
@NullMarked
// Neither Lettuce nor Netty has a module-info; their names are fixed in their manifests, so requiring them is safe.
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module dev.healthcheck.redis {
    requires transitive dev.healthcheck;
    requires transitive lettuce.core;
    requires io.netty.common; // the threads of a client are of its types
    requires static transitive org.jspecify;

    exports dev.healthcheck.redis;
}
