package dev.healthcheck.jdbc;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.Comparator;

/**
 * A data directory of a server that was stopped. Each server starts with a copy of it, because to make one takes seconds.
 * All JVMs of a build share it: the first one makes it, while the others wait.
 */
final class DataTemplate {
    private final Path home;
    private final Maker maker;

    /** Fills a data directory, and leaves no process behind. */
    @FunctionalInterface
    interface Maker {
        void make(Path data) throws IOException, SQLException;
    }

    /**
     * @param home the directory of the template, and of other things that the maker puts there
     */
    DataTemplate(Path home, Maker maker) {
        this.home = home;
        this.maker = maker;
    }

    /** Returns a new copy. It is the caller's to {@linkplain #delete delete}. */
    Path copy() throws IOException, SQLException {
        Path copy = Files.createDirectories(home.resolve("data"))
                .resolve(ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime()));
        Path template = make();
        try (var files = Files.walk(template)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(template.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        return copy;
    }

    private Path make() throws IOException, SQLException {
        Path template = home.resolve("template");
        synchronized (DataTemplate.class) {
            try (FileChannel file = FileChannel.open(
                            home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = file.lock()) {
                if (lock.isValid() && !Files.exists(template)) {
                    Path unfinished = home.resolve("unfinished");
                    if (Files.exists(unfinished)) {
                        delete(unfinished);
                    }
                    maker.make(unfinished);
                    Files.move(unfinished, template);
                }
            }
        }
        return template;
    }

    static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
