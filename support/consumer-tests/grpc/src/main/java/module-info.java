/** Uses the health of gRPC as a module. */
@SuppressWarnings("requires-automatic") // the libraries of gRPC have no module-info
module com.example.grpc {
    requires com.google.protobuf;
    requires dev.healthcheck.grpc;
    requires io.grpc.services;
    requires io.grpc.stub;
}
