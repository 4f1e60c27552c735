package dev.healthcheck.servlet;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.http.HealthRequest;
import dev.healthcheck.http.HealthResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** The answer comes while the container's patience ends: the request is answered once, and in time. */
@JCStressTest
@Outcome(id = "1, in time", expect = ACCEPTABLE, desc = "answered once")
@State
public class AnswerAgainstTimeout {
    private static final HealthEndpoint ENDPOINT = HealthEndpoint.of(HealthCheckRegistry.create());
    private static final HealthRequest FACTS = HealthRequest.of("GET", "/health", "/ready", name -> null);
    private static final HealthResponse RESPONSE = ENDPOINT.await(FACTS);

    private final StubContext context = new StubContext();
    private final CompletableFuture<HealthResponse> future = waitedFor(context);

    private static CompletableFuture<HealthResponse> waitedFor(StubContext context) {
        CompletableFuture<HealthResponse> future = new CompletableFuture<>();
        SuspendedRequest.suspend(
                new StubRequest(context),
                ENDPOINT,
                FACTS,
                future,
                Duration.ofSeconds(1),
                ConcurrentHashMap.newKeySet());
        return future;
    }

    @Actor
    public void answer() {
        future.complete(RESPONSE);
    }

    @Actor
    public void timeout(LL_Result r) {
        r.r2 = context.timeOut() ? "in time" : "too late";
    }

    @Arbiter
    public void look(LL_Result r) {
        r.r1 = context.answers();
    }
}
