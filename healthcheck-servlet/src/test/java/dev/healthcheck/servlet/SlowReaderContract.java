package dev.healthcheck.servlet;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.servlet.Wire.Response;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that read a large answer slowly or not at all. They hold no thread, neither the container's nor the registry's. */
abstract class SlowReaderContract extends HttpContract {
    /** 1 kB each, together many times the send buffer of a connection. */
    private static final int CHECKS = 150;

    /** Many more than the container has threads. */
    private static final int MANY = 500;

    private final List<Wire> readers = new ArrayList<>();
    private final AtomicInteger arrived = new AtomicInteger();

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
    void a_client_that_reads_a_byte_at_a_time_holds_no_thread_and_gets_all_in_the_end() throws Exception {
        startLarge();
        Wire reader = asks();
        await().until(() -> arrived.get() == 1);

        StringBuilder read = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            read.append(reader.read());
            assertThat(get("/health/live").statusCode()).isEqualTo(200);
        }
        await().until(() -> writers().isEmpty());
        String[] parts = read.append(reader.rest()).toString().split("\r\n\r\n", 2);

        Response response = new Response(parts[0] + "\r\n", parts[1]);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("Content-Length"))
                .containsExactly(String.valueOf(response.body().length()));
        assertThat(names(json(response.body()).get("checks"))).hasSize(CHECKS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void clients_that_do_not_read_hold_no_thread_and_leave_nothing_behind(boolean waited) throws Exception {
        if (waited) {
            registry.register("slow", waitsForGate());
        }
        startLarge();

        try (LogCapture log = new LogCapture()) {
            for (int i = 0; i < MANY; i++) {
                asks();
            }
            await().until(() -> arrived.get() == MANY);
            gate.countDown();
            for (int i = 0; i < MANY; i += 50) {
                assertThat(readers.get(i).read()).isEqualTo('H');
            }

            for (int i = 0; i < 20; i++) {
                assertThat(get("/health/live").statusCode()).isEqualTo(200);
            }
            await().until(() -> writers().isEmpty());
            for (int i = 0; i < MANY; i += 2) {
                readers.get(i).reset();
                readers.get(i + 1).close();
            }

            assertThat(json(get("/health/ready")).get("checks")).hasSize(CHECKS + (waited ? 1 : 0));
            await().until(() -> writers().isEmpty());
            assertThat(log.lines()).isEmpty();
        }
    }

    private void startLarge() throws Exception {
        CheckResult large = CheckResult.up().withDetail("much", "x".repeat(1000));
        for (int i = 0; i < CHECKS; i++) {
            registry.register("check" + i, () -> large, o -> o.cacheFor(ofMinutes(10)));
        }
        registry.check("check0");
        container.filter(
                (request, response, chain) -> {
                    chain.doFilter(request, response);
                    if (((HttpServletRequest) request).getRequestURI().equals("/health/ready")) {
                        arrived.incrementAndGet();
                    }
                },
                DispatcherType.REQUEST);
        start(HealthServlet.builder(registry).showDetailsTo(request -> true).build());
    }

    private Wire asks() throws IOException {
        Wire reader =
                Wire.slow(port).send("GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        readers.add(reader);
        return reader;
    }

    /** Returns the names of the threads that are in the servlet, whatever it waits for. */
    private static List<String> writers() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> Arrays.stream(thread.getValue())
                        .anyMatch(frame -> frame.getClassName().startsWith("dev.healthcheck.servlet.")
                                && !frame.getClassName().contains("Contract")))
                .map(thread -> thread.getKey().getName())
                .toList();
    }
}
