package io.millrace.otel;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Sends spans by another exporter and says at most once a minute, in one line, how many did not arrive and why.
 *
 * <p>Thread-safe.
 */
final class QuietExporter implements SpanExporter {
    private static final long PAUSE_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MOST_CAUSES = 5;

    private final SpanExporter exporter;
    private final LongSupplier nanoClock;
    private final Consumer<String> log;
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong sayAgainAt;

    QuietExporter(SpanExporter exporter, LongSupplier nanoClock, Consumer<String> log) {
        this.log = log;
        this.exporter = exporter;
        this.nanoClock = nanoClock;
        this.sayAgainAt = new AtomicLong(nanoClock.getAsLong());
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        int count = spans.size();
        CompletableResultCode result = exporter.export(spans);
        return result.whenComplete(() -> {
            if (!result.isSuccess()) {
                failed(count, result.getFailureThrowable());
            }
        });
    }

    private void failed(int count, Throwable failure) {
        lost.addAndGet(count);
        long now = nanoClock.getAsLong();
        long at = sayAgainAt.get();
        if (now - at >= 0 && sayAgainAt.compareAndSet(at, now + PAUSE_NANOS)) {
            log.accept("traces: " + lost.getAndSet(0) + " spans did not reach the collector and are dropped: "
                    + reason(failure));
        }
    }

    /** The innermost words of a failure; those around them say that it failed. */
    private static String reason(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && cause.getCause() != null && i < MOST_CAUSES; i++) {
            cause = cause.getCause();
        }
        if (cause == null) {
            return "it did not say why";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
