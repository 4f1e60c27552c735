/** Uses the check of Redis as a module. */
module com.example.redis {
    requires dev.healthcheck.redis;
}
