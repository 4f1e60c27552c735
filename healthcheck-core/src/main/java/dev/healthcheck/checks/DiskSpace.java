package dev.healthcheck.checks;

import dev.healthcheck.CheckOptions;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import java.io.File;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Asks the file system of a path for its free space. */
final class DiskSpace implements HealthCheck {
    private final Path path;
    private final long minimum;
    private final Measure measure;

    DiskSpace(Path path, long minimum, Measure measure) {
        this.path = path;
        this.minimum = minimum;
        this.measure = measure;
    }

    /** Both in bytes. */
    record Space(long free, long total) {
        static Space ofStore(Path path) throws IOException {
            FileStore store = Files.getFileStore(path);
            return new Space(store.getUsableSpace(), store.getTotalSpace());
        }
    }

    /** Measures the space at a path: {@link Space#ofStore}, except in tests. */
    @FunctionalInterface
    interface Measure {
        Space at(Path path) throws IOException;
    }

    @Override
    public CheckOptions options(CheckOptions defaults) {
        return defaults.dependency();
    }

    @Override
    public CheckResult check() throws IOException {
        try {
            return isOnDisk() ? judge(space()) : noSuchPath(path + " is neither a directory nor a file");
        } catch (NoSuchFileException e) {
            return noSuchPath(path + " does not exist");
        }
    }

    /** Returns false for devices and pipes: the space beside a device is not that on the device. */
    private boolean isOnDisk() throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        return attributes.isDirectory() || attributes.isRegularFile();
    }

    private Space space() throws IOException {
        Space space;
        try {
            space = measure.at(path);
        } catch (IOException e) {
            space = withoutMountTable(e);
        }
        if (space.total == 0) { // pseudo file systems and some of FUSE; not a full disk
            throw new IOException("the file system of " + path + " does not tell its size");
        }
        return space;
    }

    /**
     * {@link FileStore} needs the mount table, which is not there in a chroot, or does not know the path. {@link File} asks
     * the file system only. It returns zero if that fails, and no file system has a size of zero.
     */
    private Space withoutMountTable(IOException failure) throws IOException {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            throw failure;
        }
        File file = path.toFile();
        Space space = new Space(file.getUsableSpace(), file.getTotalSpace());
        if (space.total == 0) {
            throw failure;
        }
        return space;
    }

    private CheckResult judge(Space space) {
        CheckResult result = space.free >= minimum ? CheckResult.up() : full(space);
        return result.withDetail("path", path.toString())
                .withDetail("free", space.free)
                .withDetail("total", space.total)
                .withDetail("minimum", minimum);
    }

    private CheckResult full(Space space) {
        return CheckResult.down(Words.bytes(space.free) + " of " + Words.bytes(space.total) + " free at " + path
                        + ", expected at least " + Words.bytes(minimum))
                .withReason("disk-full");
    }

    private CheckResult noSuchPath(String message) {
        return CheckResult.down(message).withReason("no-such-path").withDetail("path", path.toString());
    }
}
