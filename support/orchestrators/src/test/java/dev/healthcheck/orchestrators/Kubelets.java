package dev.healthcheck.orchestrators;

import static java.time.Duration.ofMillis;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.testkit.Patience;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Probe;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/** Three kubelets that watch one service: by HTTP at its port, by HTTP at its port for health, by {@code exec}. */
final class Kubelets implements AutoCloseable {
    private final List<Kubelet> all;

    private Kubelets(List<Kubelet> all) {
        this.all = all;
    }

    static Kubelets of(OrdersService service) throws IOException {
        V1Container http = containerOf("kubernetes.yaml");
        V1Container exec = containerOf("kubernetes-exec.yaml");
        var all = List.of(
                new Kubelet(http, probe -> byHttp(service, OrdersService.PORT, probe)),
                new Kubelet(http, probe -> byHttp(service, OrdersService.HEALTH_PORT, probe)),
                new Kubelet(
                        exec,
                        probe -> new ExecProber(service.command(probe.getExec().getCommand()))));
        all.forEach(Kubelet::start);
        return new Kubelets(all);
    }

    private static V1Container containerOf(String manifest) throws IOException {
        return Manifest.parse(Files.readString(Manifest.FOLDER.resolve(manifest)))
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .get(0);
    }

    private static Prober byHttp(OrdersService service, int port, V1Probe probe) {
        return new HttpProber(service.address(port).resolve(probe.getHttpGet().getPath()));
    }

    void awaitReady(Duration promise) {
        awaitAll(promise, true);
    }

    void awaitOut(Duration promise) {
        awaitAll(promise, false);
    }

    private void awaitAll(Duration promise, boolean ready) {
        try {
            await().atMost(Patience.patiently(promise))
                    .pollInterval(ofMillis(20))
                    .until(() -> all.stream().allMatch(kubelet -> kubelet.isReady() == ready));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("not " + (ready ? "ready" : "out") + ":\n" + this, e);
        }
    }

    void awaitAge(List<Duration> since, Duration age) {
        Duration end = since.get(0).plus(age);
        await().atMost(age.plusSeconds(30)).until(() -> all.get(0).now().compareTo(end) >= 0);
    }

    boolean anyReadyByHttp() {
        return all.get(0).isReady() || all.get(1).isReady();
    }

    void delete() {
        all.forEach(Kubelet::delete);
    }

    int restarts() {
        return all.stream().mapToInt(Kubelet::restarts).sum();
    }

    List<Duration> now() {
        return all.stream().map(Kubelet::now).toList();
    }

    List<Duration> sinceChange(List<Duration> begin) {
        return IntStream.range(0, all.size())
                .mapToObj(i -> all.get(i).lastChange().minus(begin.get(i)))
                .toList();
    }

    List<String> answers(String probe) {
        return notes().filter(note -> note.probe().equals(probe))
                .map(note -> note.answer().output())
                .toList();
    }

    void printTimeouts() {
        System.out.println(notes().filter(note -> note.answer().isTimeout()).count() + " timeouts in " + notes().count()
                + " probes");
    }

    private Stream<Kubelet.Note> notes() {
        return all.stream().flatMap(kubelet -> kubelet.notes().stream());
    }

    @Override
    public void close() {
        all.forEach(Kubelet::close);
    }

    @Override
    public String toString() {
        return String.join("\n", notes().map(Kubelet.Note::toString).toList());
    }
}
