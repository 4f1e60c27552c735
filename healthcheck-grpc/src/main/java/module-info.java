import org.jspecify.annotations.NullMarked;

/** Answers for health checks by gRPC's health protocol. */
@NullMarked
// gRPC and protobuf have no module-info; their names are in their manifests, so requiring them is safe.
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module dev.healthcheck.grpc {
    requires com.google.protobuf; // the messages are of its types
    requires transitive dev.healthcheck;
    requires transitive io.grpc;
    requires io.grpc.services;
    requires io.grpc.stub;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports dev.healthcheck.grpc;
}
