package dev.healthcheck.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** MariaDB, with both drivers that speak to it. */
final class FaultyMariaDb implements FaultyServer {
    private static final String SESSIONS = "SELECT user FROM information_schema.processlist WHERE user LIKE '" + USER;

    private final MariaDbServer server = new MariaDbServer(MOST_CONNECTIONS);

    FaultyMariaDb() throws IOException, SQLException {
        administer(table());
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.MARIADB, Route.MYSQL_DRIVER);
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public Connection administrator() throws SQLException {
        return server.administrator();
    }

    @Override
    public String qualifiedTable() {
        return "app." + TABLE;
    }

    @Override
    public void addUsers(List<String> names) throws SQLException {
        for (String name : names) {
            administer(List.of(
                    "CREATE USER " + name + " IDENTIFIED BY '" + PASSWORD + "'", "GRANT ALL ON app.* TO " + name));
        }
    }

    @Override
    public void freeze() {
        server.freeze();
    }

    @Override
    public void thaw() {
        server.thaw();
    }

    @Override
    public void stop() {
        server.stop();
    }

    @Override
    public void start() throws IOException {
        server.start();
    }

    @Override
    public void terminate() throws SQLException {
        administer(
                connections().keySet().stream().map(user -> "KILL USER " + user).toList());
    }

    @Override
    public Map<String, Integer> connections() throws SQLException {
        return count(SESSIONS + "%'");
    }

    @Override
    public Map<String, Integer> running() throws SQLException {
        return count(SESSIONS + "%' AND command = 'Query' AND info LIKE '%" + TABLE + "%'");
    }

    @Override
    public long refusedLogins(String user) throws IOException {
        String refused = "Access denied for user '" + user + "'";
        try (var lines = Files.lines(server.log())) {
            return lines.filter(line -> line.contains(refused)).count();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
