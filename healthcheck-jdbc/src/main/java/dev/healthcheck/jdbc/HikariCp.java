package dev.healthcheck.jdbc;

/** Whether the optional HikariCP is there; decided once, because each failed attempt to link to it throws an error. */
final class HikariCp {
    static final boolean IS_PRESENT = isPresent();

    private HikariCp() {}

    private static boolean isPresent() {
        try {
            return HikariSource.load() != null;
        } catch (LinkageError e) {
            return false;
        }
    }
}
