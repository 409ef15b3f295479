package io.millrace.cli.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.SamplePicture;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DashboardServerTest {
    private static final String TOKEN = "0123456789abcdef";

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void onThisMachineThePageIsOpenAndLocked() throws Exception {
        try (DashboardServer server = open()) {
            server.show(SamplePicture.number(1, false));
            HttpResponse<String> page = get(server, "/");

            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                    .contains("frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(page.body()).doesNotContainPattern("\\son[a-z]+=").doesNotContain("<style");
            for (String part :
                    List.of("/style.css", "/chart.css", "/chart.js", "/theme.js", "/dashboard.js", "/icon.svg")) {
                assertThat(get(server, part).statusCode()).as(part).isEqualTo(200);
            }
            assertThat(get(server, "/../Assets.class").statusCode()).isEqualTo(404);
            assertThat(send(server, request(server, "/").DELETE()).statusCode()).isEqualTo(405);
        }
    }

    @Test
    void thePictureHasFiguresAndNoContentUnlessItIsWanted() throws Exception {
        try (DashboardServer server = open()) {
            server.show(SamplePicture.number(1, false));
            String json = picture(server, 1);
            assertThat(json)
                    .contains("\"cluster\":\"kafka:9092\"")
                    .contains(
                            "\"id\":\"run1\",\"state\":\"SEALED\",\"model\":\"tiny\",\"jobs\":4,\"answered\":2,\"failed\":1")
                    .contains("\"failures\":{\"CONTEXT_WINDOW_EXCEEDED\":1}")
                    .contains("\"condition\":\"NOT_ASKED\"")
                    .contains("\"tokens_per_second\":100")
                    .contains("\"content\":\"too long\"")
                    .contains("the broker sleeps");
            assertThat(json.split("<img", -1))
                    .as("the custom id of the failure, and no answer")
                    .hasSize(2);

            server.show(SamplePicture.number(2, true));
            assertThat(picture(server, 2).split("<img", -1)).hasSize(4);
        }
    }

    /** What is shown reaches the server's thread a little later. */
    private String picture(DashboardServer server, long number) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        String json = get(server, "/picture").body();
        while (!json.startsWith("{\"number\":" + number + ",") && System.nanoTime() - deadline < 0) {
            json = get(server, "/picture").body();
        }
        return json;
    }

    @Test
    void picturesComeAsEventsOneAfterTheOther() throws Exception {
        try (DashboardServer server = open()) {
            server.show(SamplePicture.number(41, false));
            try (Socket socket = raw(server, "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
                    BufferedReader reader = reader(socket)) {
                assertThat(until(reader, "data: "))
                        .anyMatch(line -> line.equals("Content-Type: text/event-stream; charset=utf-8"))
                        .contains("retry: 2000", "id: 41", "event: picture")
                        .last()
                        .asString()
                        .startsWith("data: {\"number\":41,");

                server.show(SamplePicture.number(42, false));

                assertThat(until(reader, "data: ")).contains("id: 42");
            }
        }
    }

    @Test
    void whoReadsNothingHoldsNobodyUp() throws Exception {
        try (DashboardServer server = open();
                Socket idle = raw(server, "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            assertThat(idle.isConnected()).isTrue();
            for (int number = 1; number <= 2_000; number++) {
                server.show(SamplePicture.number(number, true));
            }
            assertThat(picture(server, 2000)).contains("\"number\":2000,");
            try (Socket socket = raw(server, "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
                    BufferedReader reader = reader(socket)) {
                assertThat(until(reader, "data: ")).contains("id: 2000");
            }
        }
    }

    @Test
    void onlySoManyBrowsersLookOn() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try (DashboardServer server = open()) {
            server.show(SamplePicture.number(1, false));
            for (int i = 0; i < Viewers.MOST; i++) {
                Socket socket = raw(server, "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
                sockets.add(socket);
                until(reader(socket), "data: ");
            }
            assertThat(get(server, "/events").statusCode()).isEqualTo(503);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void anotherSitesNameIsRefused() throws Exception {
        try (DashboardServer server = open()) {
            for (String path : List.of("/", "/events", "/picture")) {
                String request = "GET " + path + " HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
                try (Socket socket = raw(server, request);
                        BufferedReader reader = reader(socket)) {
                    assertThat(reader.readLine()).contains("421");
                }
            }
        }
    }

    @Test
    void withATokenNothingIsShownBeforeALogin() throws Exception {
        try (DashboardServer server = locked()) {
            server.show(SamplePicture.number(1, false));
            assertThat(get(server, "/").statusCode()).isEqualTo(303);
            assertThat(get(server, "/").headers().firstValue("Location")).contains("/login");
            assertThat(get(server, "/login").body()).contains("<form").doesNotContain("run1");
            for (String path : List.of("/events", "/picture")) {
                assertThat(get(server, path).statusCode()).as(path).isEqualTo(401);
                assertThat(get(server, path).body()).doesNotContain("run1");
            }
            HttpRequest.Builder withToken = request(server, "/picture").header("Authorization", "Bearer " + TOKEN);
            assertThat(send(server, withToken).body()).contains("run1");
        }
    }

    @Test
    void aLoginIsRememberedByACookieThatScriptsAndOtherSitesCannotUse() throws Exception {
        try (DashboardServer server = locked()) {
            server.show(SamplePicture.number(1, false));
            HttpResponse<String> wrong = login(server, "token=0123456789abcdeX");
            assertThat(wrong.headers().firstValue("Location")).contains("/login#wrong");
            assertThat(wrong.headers().firstValue("Set-Cookie")).isEmpty();

            HttpResponse<String> right = login(server, "token=" + TOKEN);
            assertThat(right.headers().firstValue("Location")).contains("/");
            String cookie = right.headers().firstValue("Set-Cookie").orElseThrow();
            assertThat(cookie)
                    .containsIgnoringCase("HttpOnly")
                    .contains("SameSite=Strict")
                    .doesNotContain(TOKEN);

            HttpRequest.Builder withCookie = request(server, "/picture").header("Cookie", cookie.split(";")[0]);
            assertThat(send(server, withCookie).body()).contains("run1");
        }
    }

    @Test
    void aLoginThatIsNoSmallFormIsRefused() throws Exception {
        try (DashboardServer server = locked()) {
            assertThat(login(server, "token=" + "x".repeat(10_000)).statusCode())
                    .isEqualTo(400);
            HttpRequest.Builder json = request(server, "/login")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"));
            assertThat(send(server, json).statusCode()).isEqualTo(400);
        }
    }

    @Test
    void aPortThatIsTakenIsNamedWithTheRemedy() throws Exception {
        try (DashboardServer server = open()) {
            assertThatThrownBy(() -> DashboardServer.start(
                            "127.0.0.1", server.port(), new Access("127.0.0.1", Optional.empty())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1:" + server.port())
                    .hasMessageContaining("--http-port");
        }
    }

    private static DashboardServer open() throws IOException {
        return DashboardServer.start("127.0.0.1", 0, new Access("127.0.0.1", Optional.empty()));
    }

    private static DashboardServer locked() throws IOException {
        return DashboardServer.start("127.0.0.1", 0, new Access("127.0.0.1", Optional.of(TOKEN)));
    }

    private static HttpRequest.Builder request(DashboardServer server, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    private HttpResponse<String> get(DashboardServer server, String path) throws Exception {
        return send(server, request(server, path));
    }

    private HttpResponse<String> login(DashboardServer server, String form) throws Exception {
        return send(
                server,
                request(server, "/login")
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    private HttpResponse<String> send(DashboardServer server, HttpRequest.Builder request) throws Exception {
        assertThat(server.port()).isPositive();
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Socket raw(DashboardServer server, String request) throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port());
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    private static List<String> until(BufferedReader reader, String beginning) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            lines.add(line);
            if (line.startsWith(beginning)) {
                return lines;
            }
        }
        throw new AssertionError("no line begins with '" + beginning + "': " + lines);
    }
}
