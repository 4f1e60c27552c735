import org.jspecify.annotations.NullMarked;

/** Health checks, and a registry that runs them, judges their results and combines these into reports. */
@NullMarked
module dev.healthcheck {
    requires transitive org.slf4j;
    requires static transitive org.jspecify;
    requires static java.management;
    requires static jdk.jfr;
    requires static jdk.management;

    exports dev.healthcheck;
    exports dev.healthcheck.checks;
}
