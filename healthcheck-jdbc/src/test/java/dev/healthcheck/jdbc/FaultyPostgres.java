package dev.healthcheck.jdbc;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** PostgreSQL as processes of this machine, because a container cannot be frozen as quickly. */
final class FaultyPostgres implements FaultyServer {
    private final EmbeddedPostgresServer server = new EmbeddedPostgresServer(MOST_CONNECTIONS);

    FaultyPostgres() throws IOException, SQLException {
        administer(table());
        administer(List.of("GRANT SELECT, UPDATE ON " + TABLE + " TO PUBLIC"));
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.POSTGRES);
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public Connection administrator() throws SQLException {
        return server.connect();
    }

    @Override
    public void addUsers(List<String> names) throws SQLException {
        administer(names.stream()
                .map(name -> "CREATE ROLE " + name + " LOGIN PASSWORD '" + PASSWORD + "'")
                .toList());
    }

    @Override
    public void freeze() throws IOException {
        server.freeze();
    }

    @Override
    public void thaw() throws IOException {
        server.thaw();
    }

    @Override
    public void stop() throws IOException {
        server.stop();
    }

    @Override
    public void start() throws IOException {
        server.start();
    }

    @Override
    public void terminate() throws SQLException {
        administer(
                List.of("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename LIKE '" + USER + "%'"));
    }

    @Override
    public Map<String, Integer> connections() throws SQLException {
        return count("SELECT usename FROM pg_stat_activity WHERE usename LIKE '" + USER + "%'");
    }

    @Override
    public Map<String, Integer> running() throws SQLException {
        return count("SELECT usename FROM pg_stat_activity WHERE usename LIKE '" + USER
                + "%' AND state = 'active' AND query LIKE '%" + TABLE + "%'");
    }

    @Override
    public long refusedLogins(String user) throws IOException {
        String refused = "password authentication failed for user \"" + user + '"';
        return server.log().stream().filter(line -> line.contains(refused)).count();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
