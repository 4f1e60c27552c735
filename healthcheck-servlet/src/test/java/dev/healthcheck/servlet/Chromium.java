package dev.healthcheck.servlet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A tab of a Chromium without a window, by the DevTools protocol: the {@code chromium} of the search path. */
final class Chromium implements WebSocket.Listener {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LISTENING = "DevTools listening on ";

    /** Messages of the console and of the page's log. */
    final List<String> complaints = new CopyOnWriteArrayList<>();

    private final Path profile = Files.createTempDirectory("chromium");
    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final StringBuilder message = new StringBuilder();
    private volatile CompletableFuture<Void> loaded = new CompletableFuture<>();
    private String session;

    Chromium() throws Exception {
        process = new ProcessBuilder(
                        "chromium",
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-background-networking",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(address()), this)
                .get(30, TimeUnit.SECONDS);
        String target =
                ask("Target.createTarget", "url", "about:blank").get("targetId").textValue();
        session = ask("Target.attachToTarget", "targetId", target, "flatten", true)
                .get("sessionId")
                .textValue();
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            ask(domain + ".enable");
        }
    }

    private String address() throws IOException {
        BufferedReader said = process.errorReader(StandardCharsets.UTF_8);
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith(LISTENING)) {
                Thread rest = new Thread(() -> said.lines().forEach(ignored -> {}), "chromium-stderr");
                rest.setDaemon(true);
                rest.start();
                return line.substring(LISTENING.length());
            }
        }
        throw new IOException("chromium has ended");
    }

    void open(String url) throws Exception {
        loaded = new CompletableFuture<>();
        ask("Page.navigate", "url", url);
        loaded.get(30, TimeUnit.SECONDS);
    }

    void size(int width, int height) throws Exception {
        ask(
                "Emulation.setDeviceMetricsOverride",
                "width",
                width,
                "height",
                height,
                "deviceScaleFactor",
                1,
                "mobile",
                false);
    }

    void prefers(String colorScheme) throws Exception {
        List<?> features = List.of(Map.of("name", "prefers-color-scheme", "value", colorScheme));
        ask("Emulation.setEmulatedMedia", "features", features);
    }

    /** Sets the time zone; an empty text is that of this machine. */
    void zone(String id) throws Exception {
        ask("Emulation.setTimezoneOverride", "timezoneId", id);
    }

    void scripts(boolean enabled) throws Exception {
        ask("Emulation.setScriptExecutionDisabled", "value", !enabled);
    }

    /** Returns the value of {@code expression}, or the one that its promise gets. */
    JsonNode eval(String expression) throws Exception {
        JsonNode answer =
                ask("Runtime.evaluate", "expression", expression, "awaitPromise", true, "returnByValue", true);
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(answer.get("exceptionDetails").toString());
        }
        return answer.get("result").path("value");
    }

    void screenshot(Path png) throws Exception {
        Files.createDirectories(png.getParent());
        Files.write(
                png,
                Base64.getDecoder()
                        .decode(ask("Page.captureScreenshot").get("data").textValue()));
    }

    /** The result of a command; its parameters as names and values. */
    JsonNode ask(String method, Object... parameters) throws Exception {
        ObjectNode command =
                JSON.createObjectNode().put("id", ids.incrementAndGet()).put("method", method);
        if (session != null) {
            command.put("sessionId", session);
        }
        ObjectNode params = command.putObject("params");
        for (int i = 0; i < parameters.length; i += 2) {
            params.set((String) parameters[i], JSON.valueToTree(parameters[i + 1]));
        }
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        asked.put(command.get("id").intValue(), answer);
        socket.sendText(command.toString(), true).get(30, TimeUnit.SECONDS);
        return answer.get(30, TimeUnit.SECONDS);
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        message.append(data);
        if (last) {
            try {
                receive(JSON.readTree(message.toString()));
            } catch (IOException e) {
                complaints.add(e.toString());
            }
            message.setLength(0);
        }
        from.request(1);
        return null;
    }

    private void receive(JsonNode event) {
        if (event.has("id")) {
            CompletableFuture<JsonNode> answer = asked.remove(event.get("id").intValue());
            if (event.has("error")) {
                answer.completeExceptionally(new IOException(event.get("error").toString()));
            } else {
                answer.complete(event.get("result"));
            }
            return;
        }
        switch (event.get("method").textValue()) {
            case "Page.loadEventFired" -> loaded.complete(null);
            case "Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded" ->
                complaints.add(event.get("params").toString());
            default -> {}
        }
    }

    void close() throws Exception {
        socket.abort();
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }
}
