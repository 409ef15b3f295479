package io.millrace.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A headless Chromium with one page, driven by the DevTools protocol as a user drives it: real clicks, real typing.
 *
 * <p>Confined to the test's thread; messages come in on the socket's.
 */
public final class Browser implements Closeable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");

    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger calls = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final List<String> permitted = new CopyOnWriteArrayList<>(List.of("file:", "about:", "data:"));

    /** The program, from {@code -Dchromium} or the PATH. */
    public static Optional<Path> program() {
        String told = System.getProperty("chromium", "");
        if (!told.isEmpty()) {
            return Optional.of(Path.of(told));
        }
        return NAMES.stream()
                .flatMap(name -> Stream.of(
                                System.getenv().getOrDefault("PATH", "").split(":"))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** @param profile an empty folder for what the browser keeps */
    public Browser(Path program, Path profile) throws Exception {
        process = new ProcessBuilder(
                        program.toString(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .start();
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        String port = port(said);
        Thread drain = new Thread(() -> said.lines().forEach(line -> {}), "browser-log");
        drain.setDaemon(true);
        drain.start();
        HttpClient client = HttpClient.newHttpClient();
        JsonNode targets = JSON.readTree(client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body());
        String page = "";
        for (JsonNode target : targets) {
            if (target.path("type").asText().equals("page")) {
                page = target.path("webSocketDebuggerUrl").asText();
            }
        }
        socket = client.newWebSocketBuilder()
                .buildAsync(URI.create(page), new Messages())
                .get(20, TimeUnit.SECONDS);
        call("Page.enable", Map.of());
        call("Runtime.enable", Map.of());
        call("Log.enable", Map.of());
        call("Network.enable", Map.of());
    }

    private static String port(BufferedReader said) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            all.append(line).append('\n');
            if (line.startsWith("DevTools listening on ws://")) {
                return URI.create(line.substring("DevTools listening on ".length()))
                                .getPort() + "";
            }
        }
        throw new IOException("the browser did not start: " + all);
    }

    /** What the page complained of: console errors and warnings, exceptions, refused or failed loads, requests to anywhere. */
    public List<String> complaints() {
        return complaints;
    }

    /** Requests to addresses that begin so are nothing to complain of. */
    public void permit(String beginning) {
        permitted.add(beginning);
    }

    /** Opens a page and waits until it says it is ready. */
    public void open(URI address) throws Exception {
        call("Page.navigate", Map.of("url", "about:blank"));
        call("Page.navigate", Map.of("url", address.toString()));
        waitFor("document.documentElement && document.documentElement.dataset.ready");
    }

    public void size(int width, int height, boolean dark) throws Exception {
        size(width, height, 1, false, dark);
    }

    /** As on a phone, two pixels a point. */
    public void phone(int width, int height, boolean dark) throws Exception {
        size(width, height, 2, true, dark);
    }

    private void size(int width, int height, int scale, boolean mobile, boolean dark) throws Exception {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", scale, "mobile", mobile));
        call(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    public JsonNode evaluate(String expression) throws Exception {
        JsonNode answer =
                call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(expression + ": "
                    + answer.path("exceptionDetails")
                            .path("exception")
                            .path("description")
                            .asText());
        }
        return answer.path("result").path("value");
    }

    /** Until the expression is true in the page. */
    public void waitFor(String condition) throws Exception {
        evaluate(
                "new Promise((found, never) => { const end = performance.now() + 20000; const look = () => ("
                        + condition
                        + ") ? found(true) : performance.now() > end ? never(new Error('never came')) : setTimeout(look, 20); look(); })");
    }

    public void click(String selector) throws Exception {
        JsonNode place = evaluate(
                "(() => { const element = document.querySelector(" + JSON.writeValueAsString(selector)
                        + "); if (!element) throw new Error('nothing to click'); element.scrollIntoView({ block: 'center', inline: 'center' });"
                        + " const box = element.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; })()");
        for (String type : List.of("mousePressed", "mouseReleased")) {
            call(
                    "Input.dispatchMouseEvent",
                    Map.of(
                            "type",
                            type,
                            "x",
                            place.path(0).doubleValue(),
                            "y",
                            place.path(1).doubleValue(),
                            "button",
                            "left",
                            "clickCount",
                            1));
        }
    }

    /** Into what has the focus. */
    public void type(String text) throws Exception {
        call("Input.insertText", Map.of("text", text));
    }

    public void screenshot(Path file) throws Exception {
        Files.write(
                file,
                Base64.getDecoder()
                        .decode(call("Page.captureScreenshot", Map.of("format", "png"))
                                .path("data")
                                .asText()));
    }

    private JsonNode call(String method, Map<String, Object> parameters) throws Exception {
        int id = calls.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        ObjectNode message = JSON.createObjectNode().put("id", id).put("method", method);
        message.set("params", JSON.valueToTree(parameters));
        socket.sendText(message.toString(), true).get(20, TimeUnit.SECONDS);
        JsonNode response = answer.get(60, TimeUnit.SECONDS);
        if (response.has("error")) {
            throw new IOException(method + ": " + response.path("error"));
        }
        return response.path("result");
    }

    private void heard(JsonNode message) {
        if (message.has("id")) {
            answers.remove(message.path("id").intValue()).complete(message);
            return;
        }
        JsonNode told = message.path("params");
        switch (message.path("method").asText()) {
            case "Runtime.exceptionThrown" -> complaints.add(told.toString());
            case "Runtime.consoleAPICalled" -> {
                if (List.of("error", "warning", "assert")
                        .contains(told.path("type").asText())) {
                    complaints.add(told.toString());
                }
            }
            case "Log.entryAdded" -> complaints.add(told.toString());
            case "Network.requestWillBeSent" -> {
                String address = told.path("request").path("url").asText();
                if (permitted.stream().noneMatch(address::startsWith)) {
                    complaints.add("request to " + address);
                }
            }
            default -> {}
        }
    }

    private final class Messages implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                try {
                    heard(JSON.readTree(text.toString()));
                } catch (IOException e) {
                    complaints.add(e.toString());
                }
                text.setLength(0);
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }

    /** Ends the browser. */
    @Override
    public void close() throws IOException {
        socket.abort();
        process.destroyForcibly().onExit().join();
    }
}
