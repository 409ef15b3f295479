package io.millrace.cli;

import io.millrace.cli.http.Access;
import io.millrace.cli.http.DashboardServer;
import io.millrace.cli.watch.ClusterWatch;
import io.millrace.cli.watch.WatchSettings;
import io.millrace.cli.watch.WatchThread;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves the status page. */
@Command(
        name = "dashboard",
        mixinStandardHelpOptions = true,
        description = {
            "Serves a page of runs and workers that moves by itself: progress, time left, slots, tokens a second, the",
            "newest answers and failures. What models wrote is not shown without --show-content."
        },
        footer = {
            "",
            "Examples:",
            "  millrace dashboard                                        in the folder of a run --local",
            "  millrace dashboard --bootstrap-server kafka:9092 --worker http://gpu-1:8080",
            "  MILLRACE_DASHBOARD_TOKEN=$(openssl rand -hex 16) millrace dashboard --http-host 0.0.0.0 ..."
        })
final class DashboardCommand implements Callable<Integer> {
    private static final long LOOK_MILLIS = 200;

    @Spec
    private CommandSpec spec;

    @Mixin
    private WatchFlags watched = new WatchFlags();

    @Option(
            names = "--http-host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Where the page is served; beyond this machine it wants a token (default: ${DEFAULT-VALUE}).")
    private String httpHost;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "8090",
            description = "0 takes a free one (default: ${DEFAULT-VALUE}).")
    private int httpPort;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "A file with the token that the page wants (or MILLRACE_DASHBOARD_TOKEN, the token itself).")
    private Path tokenFile;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Access access = access();
        WatchSettings settings = watched.settings();
        PrintWriter out = spec.commandLine().getOut();
        try (Interruption interruption = new Interruption();
                DashboardServer server = DashboardServer.start(httpHost, port(), access);
                WatchThread thread = WatchThread.start(new ClusterWatch(settings), server::show)) {
            out.println("dashboard at http://" + httpHost + ":" + server.port() + "/"
                    + (access.wantsToken() ? ", for those who have the token" : ""));
            out.flush();
            while (!interruption.wanted()) {
                thread.check();
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
        }
        return ExitStatus.OK;
    }

    private int port() {
        if (httpPort < 0 || httpPort > 65_535) {
            throw new UserError("--http-port must be from 0 to 65535, not " + httpPort);
        }
        return httpPort;
    }

    private Access access() throws IOException {
        try {
            return new Access(httpHost, token());
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage());
        }
    }

    /** Never from the command line, which every user of the machine can read. */
    private Optional<String> token() throws IOException {
        if (tokenFile == null) {
            return Optional.ofNullable(System.getenv("MILLRACE_DASHBOARD_TOKEN"))
                    .map(String::strip)
                    .filter(token -> !token.isEmpty());
        }
        if (!Files.isReadable(tokenFile)) {
            throw new UserError("--token-file " + tokenFile + ": no such file, or it may not be read");
        }
        return Optional.of(Files.readString(tokenFile).strip());
    }
}
