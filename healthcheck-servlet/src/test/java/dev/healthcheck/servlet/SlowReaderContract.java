package dev.healthcheck.servlet;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import dev.healthcheck.servlet.Wire.Response;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that read a large answer slowly or not at all. They may hold container threads, but none of the registry's. */
abstract class SlowReaderContract extends HttpContract {
    /** 20 kB each, together more than fits into the buffers of a socket. */
    private static final int CHECKS = 150;

    /** A number of readers that leaves every container with free threads. */
    private static final int FEW = 3;

    private final List<Wire> readers = new ArrayList<>();
    private final AtomicInteger inside = new AtomicInteger();

    SlowReaderContract(Supplier<Container> containers) {
        super(containers);
    }

    @AfterEach
    void hangUp() throws IOException {
        for (Wire reader : readers) {
            reader.close();
        }
    }

    @Test
    void who_reads_a_byte_at_a_time_holds_up_nobody_and_gets_all_in_the_end() throws Exception {
        startLarge();
        Wire reader = asks();
        awaitWriters(1);

        StringBuilder read = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            read.append(reader.read());
            assertThat(get("/health/live").statusCode()).isEqualTo(200);
        }
        awaitWriters(1);
        assertNoThreadOfOursIsHeld();
        String[] parts = read.append(reader.rest()).toString().split("\r\n\r\n", 2);

        Response response = new Response(parts[0] + "\r\n", parts[1]);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("Content-Length"))
                .containsExactly(String.valueOf(response.body().length()));
        assertThat(names(json(response.body()).get("checks"))).hasSize(CHECKS);
    }

    @Test
    void who_does_not_read_what_was_waited_for_holds_no_thread_of_the_registry() throws Exception {
        registry.register("slow", waitsForGate());
        startLarge();
        for (int i = 0; i < FEW; i++) {
            asks();
        }
        await().until(() -> atGate.get() == 1);

        gate.countDown();
        awaitWriters(FEW);

        assertNoThreadOfOursIsHeld();
        assertThat(registry.check(Probe.READINESS).status()).isEqualTo(Status.UP);
        for (int i = 0; i < 20; i++) {
            assertThat(get("/health/live").statusCode()).isEqualTo(200);
        }
        awaitWriters(FEW);
    }

    @Test
    void when_more_of_them_than_the_container_has_threads_are_gone_nothing_is_left_of_them() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        registry.register("counts", counting(runs), o -> o.every(ofMillis(100))
                .timeout(ofMillis(90))
                .probes(Probe.LIVENESS));
        startLarge();

        try (LogCapture log = new LogCapture()) {
            for (int i = 0; i < 2 * Container.THREADS; i++) {
                asks();
            }
            // some containers keep two or three threads for themselves
            await().until(() -> writers().size() >= Container.THREADS - 3);
            int before = runs.get();
            await().until(() -> runs.get() > before);
            assertNoThreadOfOursIsHeld();

            for (int i = 0; i < readers.size(); i += 2) {
                readers.get(i).reset();
                readers.get(i + 1).close();
            }

            await().until(() -> writers().isEmpty() && inside.get() == 0);
            assertThat(get("/health/live").statusCode()).isEqualTo(200);
            assertThat(json(get("/health/ready")).get("checks")).hasSize(CHECKS);
            assertThat(log.lines()).isEmpty();
        }
    }

    private static HealthCheck counting(AtomicInteger runs) {
        return () -> {
            runs.incrementAndGet();
            return CheckResult.up();
        };
    }

    private void startLarge() throws Exception {
        String[] much = new String[20];
        Arrays.fill(much, "x".repeat(1000));
        CheckResult large = CheckResult.up().withDetail("much", much);
        for (int i = 0; i < CHECKS; i++) {
            registry.register("check" + i, () -> large, o -> o.cacheFor(ofMinutes(10)));
        }
        container.filter(
                (request, response, chain) -> {
                    inside.incrementAndGet();
                    try {
                        chain.doFilter(request, response);
                    } finally {
                        inside.decrementAndGet();
                    }
                },
                DispatcherType.REQUEST,
                DispatcherType.ASYNC);
        start(HealthServlet.builder(registry).showDetailsTo(request -> true).build());
    }

    private Wire asks() throws IOException {
        Wire reader =
                Wire.slow(port).send("GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        readers.add(reader);
        return reader;
    }

    private static void awaitWriters(int number) {
        await().until(() -> writers().size() == number);
    }

    /** Returns the names of the threads that are writing an answer. */
    private static List<String> writers() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> Arrays.stream(thread.getValue())
                        .anyMatch(frame -> frame.getClassName().equals(ServletEndpoint.class.getName())
                                && frame.getMethodName().equals("send")))
                .map(thread -> thread.getKey().getName())
                .toList();
    }

    /** A registry names each thread after the check that it runs. */
    private void assertNoThreadOfOursIsHeld() {
        assertThat(writers()).noneMatch(name -> name.startsWith("healthcheck-"));
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .noneMatch(name -> name.startsWith("healthcheck-check") || name.equals("healthcheck-slow")));
    }
}
