/** Uses the meters as a module. */
module com.example.micrometer {
    requires dev.healthcheck.micrometer;
}
