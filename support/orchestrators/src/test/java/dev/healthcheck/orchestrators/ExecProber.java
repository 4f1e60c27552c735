package dev.healthcheck.orchestrators;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks as a kubelet does with {@code exec}: runs a command, and exit code 0 is a success. */
final class ExecProber implements Prober {
    private final List<String> command;

    ExecProber(List<String> command) {
        this.command = List.copyOf(command);
    }

    @Override
    public Answer ask(Duration timeout) throws InterruptedException {
        long begin = System.nanoTime();
        Process process = start();
        try {
            if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                return new Answer(false, Answer.TIMEOUT, since(begin));
            }
            String output = new String(process.getInputStream().readNBytes(LIMIT), UTF_8);
            return new Answer(process.exitValue() == 0, output.strip(), since(begin));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            process.destroyForcibly();
        }
    }

    private Process start() {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
