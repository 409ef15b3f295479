package io.millrace.cli;

import io.millrace.cli.terminal.Screen;
import io.millrace.cli.terminal.TopText;
import io.millrace.cli.watch.ClusterWatch;
import io.millrace.cli.watch.WatchThread;
import io.millrace.producer.view.ClusterPicture;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows runs and workers on the terminal. */
@Command(
        name = "top",
        mixinStandardHelpOptions = true,
        description = {
            "Shows runs and workers on the terminal, each second anew: progress, time left, slots, tokens a second, the",
            "newest failures and answers. q ends it. Where there is no terminal, a block of plain text now and then."
        },
        footer = {
            "",
            "Examples:",
            "  millrace top                                              in the folder of a run --local",
            "  millrace top --bootstrap-server kafka:9092 --worker http://gpu-1:8080 --worker http://gpu-2:8080"
        })
final class TopCommand implements Callable<Integer> {
    private static final Duration LOOK_FOR_KEYS = Duration.ofMillis(250);
    private static final long BETWEEN_LOOKS_MILLIS = 1_000;
    private static final int PLAIN_WIDTH = 140;
    private static final int PLAIN_HEIGHT = 200;

    @Spec
    private CommandSpec spec;

    @Mixin
    private WatchFlags watched = new WatchFlags();

    @Option(names = "--once", description = "One block of plain text, and an end.")
    private boolean once;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "From block to block where there is no terminal (default: ${DEFAULT-VALUE}).")
    private int intervalSeconds;

    private final TopText text = new TopText(ZoneId.systemDefault());

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (intervalSeconds < 1) {
            throw new UserError("--interval must be 1 or more, not " + intervalSeconds);
        }
        ClusterWatch watch = new ClusterWatch(watched.settings());
        if (once) {
            try (watch) {
                print(whole(watch));
            }
            return ExitStatus.OK;
        }
        AtomicReference<Optional<ClusterPicture>> newest = new AtomicReference<>(Optional.empty());
        try (Interruption interruption = new Interruption();
                WatchThread thread = WatchThread.start(watch, picture -> newest.set(Optional.of(picture)))) {
            // The launcher knows whether this is a terminal; Java does not.
            if (Boolean.getBoolean("millrace.screen")) {
                draw(thread, newest, interruption);
            } else {
                tell(thread, newest, interruption);
            }
        }
        return ExitStatus.OK;
    }

    /** A picture with all results that there are, and of all workers. */
    private static ClusterPicture whole(ClusterWatch watch) throws InterruptedException {
        ClusterPicture picture = watch.look();
        while (!watch.settled()) {
            TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS_MILLIS);
            picture = watch.look();
        }
        return picture;
    }

    private void draw(WatchThread thread, AtomicReference<Optional<ClusterPicture>> newest, Interruption interruption)
            throws IOException {
        boolean coloured =
                Optional.ofNullable(System.getenv("NO_COLOR")).orElse("").isEmpty();
        try (Screen screen = Screen.open(coloured)) {
            do {
                thread.check();
                screen.show(newest.get()
                        .map(picture -> text.of(picture, System.currentTimeMillis(), screen.height()))
                        .orElseGet(TopText::waiting));
            } while (!interruption.wanted() && !screen.wantsToQuit(LOOK_FOR_KEYS));
        }
    }

    private void tell(WatchThread thread, AtomicReference<Optional<ClusterPicture>> newest, Interruption interruption)
            throws InterruptedException {
        long next = System.nanoTime();
        while (!interruption.wanted()) {
            thread.check();
            if (newest.get().isPresent() && System.nanoTime() >= next) {
                print(newest.get().get());
                next = System.nanoTime() + TimeUnit.SECONDS.toNanos(intervalSeconds);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_FOR_KEYS.toMillis());
        }
    }

    private void print(ClusterPicture picture) {
        PrintWriter out = spec.commandLine().getOut();
        text.of(picture, System.currentTimeMillis(), PLAIN_HEIGHT)
                .forEach(line -> out.println(line.plain(PLAIN_WIDTH)));
        out.println();
        out.flush();
    }
}
