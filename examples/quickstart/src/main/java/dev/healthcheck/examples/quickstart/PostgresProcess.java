package dev.healthcheck.examples.quickstart;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** PostgreSQL from the binaries on the class path. */
final class PostgresProcess extends ServerProcess {
    /** The user "nobody": PostgreSQL refuses to run as root. */
    private static final int NOBODY = 65534;

    private final Path directory;
    private final Path binaries;
    private final Path data;
    private final Path log;
    private final String password = newPassword();

    PostgresProcess(Path directory) {
        super(directory.resolve("data").resolve("postmaster.pid"));
        this.directory = directory;
        this.binaries = directory.resolve("postgres");
        this.data = directory.resolve("data");
        this.log = directory.resolve("postgres.log");
    }

    String jdbcUrl() {
        return "jdbc:postgresql://" + HOST + ":" + port() + "/postgres";
    }

    String user() {
        return "postgres";
    }

    String password() {
        return password;
    }

    @Override
    void install() throws IOException {
        unpack();
        Path passwordFile = Files.writeString(directory.resolve("password"), password);
        if (isRoot()) {
            Files.setAttribute(directory, "unix:uid", NOBODY);
        }
        runUnprivileged(
                binaries.resolve("bin/initdb").toString(),
                "--pgdata=" + data,
                "--username=" + user(),
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--no-locale",
                "--no-sync");
        Files.writeString(data.resolve("postgresql.auto.conf"), """
                port = %d
                listen_addresses = '%s'
                unix_socket_directories = ''
                fsync = off
                max_connections = 20
                shared_buffers = 16MB
                """.formatted(port(), HOST));
    }

    @Override
    void launch() throws IOException {
        runUnprivileged(
                binaries.resolve("bin/pg_ctl").toString(),
                "start",
                "--wait",
                "--timeout=30",
                "--pgdata=" + data,
                "--log=" + log);
    }

    @Override
    String signalToStop() {
        return "INT";
    }

    private void runUnprivileged(String... command) throws IOException {
        List<String> all = new ArrayList<>();
        if (isRoot()) {
            all.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--"));
        }
        all.addAll(List.of(command));
        run(all);
    }

    private boolean isRoot() throws IOException {
        return Files.getAttribute(binaries, "unix:uid").equals(0);
    }

    private void unpack() throws IOException {
        String archive = "/postgres-" + platform() + ".txz";
        try (InputStream in = PostgresProcess.class.getResourceAsStream(archive)) {
            if (in == null) {
                throw new FileNotFoundException(archive + " (expected: on the class path)");
            }
            var entries = new TarArchiveInputStream(new XZCompressorInputStream(in));
            for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                unpack(entry, entries);
            }
        }
    }

    private void unpack(TarArchiveEntry entry, InputStream content) throws IOException {
        Path file = binaries.resolve(entry.getName()).normalize();
        Files.createDirectories(entry.isDirectory() ? file : file.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else if (entry.isFile()) {
            Files.copy(content, file);
            if ((entry.getMode() & 0100) != 0) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }

    private static String platform() {
        String system = System.getProperty("os.name").startsWith("Mac") ? "darwin" : "linux";
        boolean arm = Set.of("aarch64", "arm64").contains(System.getProperty("os.arch"));
        return system + (arm ? "-arm_64" : "-x86_64");
    }
}
