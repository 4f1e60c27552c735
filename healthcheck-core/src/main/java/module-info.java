import org.jspecify.annotations.NullMarked;

/** What a health check is, and how checks are run, judged and combined. */
@NullMarked
module dev.healthcheck {
    requires transitive org.slf4j;
    requires static transitive org.jspecify;
    requires static java.management;
    requires static jdk.management;

    exports dev.healthcheck;
    exports dev.healthcheck.checks;
}
