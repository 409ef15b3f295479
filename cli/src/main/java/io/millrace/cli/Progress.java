package io.millrace.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * How far a long piece of work is: a bar with rate and time left on a terminal, elsewhere a plain line every few seconds.
 *
 * <p>Confined to its caller's thread.
 */
final class Progress implements AutoCloseable {
    private static final long LINE_EVERY_NANOS = Duration.ofSeconds(5).toNanos();

    private final String what;
    private final String unit;
    private final PrintStream out;
    private final long before;
    private final long startNanos = System.nanoTime();
    private final ProgressBar bar;
    private long lastLineNanos = startNanos;
    private long lastDone = -1;

    /**
     * @param before how much was done already when this process began
     * @param total how much there is; it may grow
     */
    Progress(String what, String unit, long before, long total, PrintStream out) {
        this.what = what;
        this.unit = unit;
        this.before = before;
        this.out = out;
        this.bar = terminal()
                ? new ProgressBarBuilder()
                        .setTaskName(what)
                        .setUnit(" " + unit, 1)
                        .setInitialMax(total)
                        .startsFrom(before, Duration.ZERO)
                        .setStyle(ProgressBarStyle.ASCII)
                        .setUpdateIntervalMillis(200)
                        .showSpeed()
                        .setConsumer(new ConsoleProgressBarConsumer(out))
                        .build()
                : null;
    }

    /** The launcher knows whether standard error is a terminal; Java does not. */
    private static boolean terminal() {
        return Boolean.getBoolean("millrace.terminal");
    }

    /** Shows how much is done; {@code note} says what else there is to know, such as failures. */
    void update(long done, long total, String note) {
        if (bar != null) {
            bar.maxHint(total);
            bar.stepTo(done);
            bar.setExtraMessage(note);
            return;
        }
        long now = System.nanoTime();
        if (now - lastLineNanos >= LINE_EVERY_NANOS) {
            lastLineNanos = now;
            line(done, total, note);
        }
    }

    private void line(long done, long total, String note) {
        lastDone = done;
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        double rate = (done - before) / Math.max(seconds, 1e-9);
        String left = rate > 0 && total >= done
                ? ", " + shown(Duration.ofSeconds((long) ((total - done) / rate))) + " left"
                : "";
        out.printf(
                Locale.ROOT,
                "%s %d of %d %s (%.0f %%), %.1f a second%s%s%n",
                what,
                done,
                total,
                unit,
                total == 0 ? 100.0 : 100.0 * done / total,
                rate,
                left,
                note.isEmpty() ? "" : ", " + note);
    }

    private static String shown(Duration time) {
        return time.toHours() > 0
                ? String.format(Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart())
                : String.format(Locale.ROOT, "%d:%02d", time.toMinutes(), time.toSecondsPart());
    }

    /** The last state, shown whatever the time. */
    void finish(long done, long total, String note) {
        if (bar != null) {
            update(done, total, note);
        } else if (done != lastDone) {
            line(done, total, note);
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
