package org.astropool.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import com.grack.nanojson.JsonWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A Chromium without a window that shows a file, by the DevTools protocol. For one thread. */
final class Browser implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int POLL_MILLIS = 50;

    private final Process process;
    private final WebSocket socket;
    private final Messages messages;
    private final List<String> errors = new ArrayList<>();
    private int lastCall;

    private Browser(Process process, WebSocket socket, Messages messages) {
        this.process = process;
        this.socket = socket;
        this.messages = messages;
    }

    /** @param profile a folder for its files */
    static Browser start(Path profile) throws Exception {
        Needs.program("chromium", "chromium");
        Process process = new ProcessBuilder(
                        "chromium",
                        "--headless",
                        "--no-sandbox", // root has none
                        "--disable-gpu",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "--window-size=1400,1000",
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            HttpClient client = HttpClient.newHttpClient();
            URI page = page(client, port(profile.resolve("DevToolsActivePort"), process));
            Messages messages = new Messages();
            WebSocket socket =
                    client.newWebSocketBuilder().buildAsync(page, messages).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            Browser browser = new Browser(process, socket, messages);
            for (String domain : List.of("Runtime", "Log", "Page", "Network")) {
                browser.call(domain + ".enable", Map.of());
            }
            browser.call("Page.bringToFront", Map.of());
            return browser;
        } catch (Exception e) {
            end(process);
            throw e;
        }
    }

    private static String port(Path file, Process process) throws IOException, InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!Files.exists(file) || Files.size(file) == 0) {
            assertThat(process.isAlive() && System.nanoTime() < end)
                    .as("chromium says its port in " + file)
                    .isTrue();
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return Files.readAllLines(file).get(0);
    }

    private static URI page(HttpClient client, String port) throws Exception {
        URI list = URI.create("http://127.0.0.1:" + port + "/json/list");
        String text = client.send(HttpRequest.newBuilder(list).build(), BodyHandlers.ofString())
                .body();
        for (Object target : JsonParser.array().from(text)) {
            JsonObject fields = (JsonObject) target;
            if (fields.getString("type", "").equals("page")) {
                return URI.create(fields.getString("webSocketDebuggerUrl"));
            }
        }
        throw new IOException("chromium has no page: " + text);
    }

    /** Collects whole messages. */
    private static final class Messages implements WebSocket.Listener {
        private final BlockingQueue<String> whole = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                whole.add(text.toString());
                text.setLength(0);
            }
            return WebSocket.Listener.super.onText(from, data, last);
        }
    }

    /** Opens a file, and waits until its script has ended. */
    void open(Path file) throws Exception {
        call("Page.navigate", Map.of("url", file.toUri().toString()));
        await("document.documentElement.dataset.readyMillis !== undefined && location.href.endsWith('"
                + file.getFileName() + "')");
    }

    /** Waits until an expression is true. */
    void await(String expression) throws Exception {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!evaluate("String(Boolean(" + expression + "))").equals("true")) {
            assertThat(System.nanoTime())
                    .as("%s becomes true within %s; errors: %s", expression, LIMIT, errors)
                    .isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** The value of an expression, as text; "" while the page is being loaded. */
    String evaluate(String expression) throws Exception {
        JsonObject answer = call(
                "Runtime.evaluate",
                Map.of(
                        "expression",
                        "(() => { try { return String(" + expression + "); } catch (e) { return ''; } })()"));
        return answer.getObject("result", new JsonObject())
                .getObject("result", new JsonObject())
                .getString("value", "");
    }

    /** The text of an element, without white space around it. */
    String text(String selector) throws Exception {
        return evaluate("document.querySelector(\"" + selector + "\").textContent.trim()");
    }

    long number(String id) throws Exception {
        String value = evaluate("document.getElementById('" + id + "').dataset.value");
        return value.isEmpty() ? -1 : Long.parseLong(value);
    }

    /** What the pages so far have reported as errors, and what they have asked of the network. */
    List<String> errors() throws Exception {
        evaluate("0"); // what was reported before has arrived when this is answered
        return List.copyOf(errors);
    }

    private JsonObject call(String method, Map<String, Object> parameters) throws Exception {
        int id = ++lastCall;
        String text = JsonWriter.string(Map.of("id", id, "method", method, "params", parameters));
        socket.sendText(text, true).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        while (true) {
            String message = messages.whole.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
            assertThat(message).as("chromium answers " + text).isNotNull();
            JsonObject json = JsonParser.object().from(Objects.requireNonNull(message));
            if (json.getInt("id", 0) == id) {
                return json;
            }
            note(json);
        }
    }

    private void note(JsonObject event) throws JsonParserException {
        JsonObject fields = event.getObject("params", new JsonObject());
        switch (event.getString("method", "")) {
            case "Runtime.exceptionThrown" -> errors.add(JsonWriter.string(fields));
            case "Runtime.consoleAPICalled" -> {
                if (List.of("error", "assert", "warning").contains(fields.getString("type", ""))) {
                    errors.add(JsonWriter.string(fields.getArray("args", new JsonArray())));
                }
            }
            case "Log.entryAdded" -> errors.add(JsonWriter.string(fields));
            case "Network.requestWillBeSent" -> {
                String url = fields.getObject("request").getString("url", "");
                if (!url.startsWith("file:") && !url.startsWith("data:") && !url.startsWith("about:")) {
                    errors.add("the page asks for " + url);
                }
            }
            default -> {
                // of no interest
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        socket.abort();
        end(process);
    }

    private static void end(Process process) throws InterruptedException {
        List<ProcessHandle> all = process.descendants().toList();
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        all.forEach(ProcessHandle::destroyForcibly);
    }
}
