package io.millrace.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.producer.view.WorkerFigures;
import io.millrace.worker.http.WorkerMetrics;
import io.millrace.worker.pipeline.EngineFigures;
import io.millrace.worker.pipeline.PipelineFigures;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What workers say, read as they say it. */
class WorkersTest {

    @Test
    void theFiguresOfARealWorkersMetricsAreRead() {
        WorkerMetrics metrics = new WorkerMetrics("llama \"13b\" {q8}", "gpu-1");
        metrics.slots(48);
        metrics.update(new PipelineFigures(5, Map.of(), 0, 0, 3, 0, 32, 11, 6, 0), true, 1_234);
        metrics.update(new EngineFigures(10, 2_000, 300, 4_000, 5, 40, 7, 8, 32, 9, 10, 11));

        assertThat(MetricsText.figures(metrics.scrape()))
                .contains(new WorkerFigures(
                        "gpu-1", "llama \"13b\" {q8}", true, 48, 40, 18, 32, 2_000, 4_000, 0.25, 1_234));
    }

    @Test
    void otherTextsAreNoWorkers() {
        assertThat(MetricsText.figures("")).isEmpty();
        assertThat(MetricsText.figures("<html>404</html>")).isEmpty();
        assertThat(MetricsText.figures("millrace_engine_up 1\n")).isEmpty();
        assertThat(MetricsText.figures("millrace_engine_up{worker=\"w\"} NaN\n"))
                .isEmpty();
        assertThat(MetricsText.figures("millrace_engine_up{" + "a=\"b\",".repeat(20_000) + "x"))
                .isEmpty();
    }

    @Test
    void anAddressGetsThePathOfTheMetricsUnlessItHasOne() {
        assertThat(WorkerAddresses.resolve(List.of(
                        URI.create("http://127.0.0.1:8080"),
                        URI.create("http://localhost:8081/"),
                        URI.create("https://[::1]:8443/gpu/metrics"))))
                .containsExactlyInAnyOrder(
                        "http://127.0.0.1:8080/metrics",
                        "http://localhost:8081/metrics",
                        "https://[::1]:8443/gpu/metrics");
    }

    @Test
    void aHostThatIsNotThereIsStillAsked() {
        assertThat(WorkerAddresses.resolve(List.of(URI.create("http://nowhere.invalid:8080"))))
                .containsExactly("http://nowhere.invalid:8080/metrics");
    }
}
