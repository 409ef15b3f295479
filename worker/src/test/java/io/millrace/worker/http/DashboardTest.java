package io.millrace.worker.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.job.Choice;
import io.millrace.job.FinishReason;
import io.millrace.job.Timings;
import io.millrace.job.Usage;
import io.millrace.worker.pipeline.Decoder;
import io.millrace.worker.pipeline.EngineFigures;
import io.millrace.worker.pipeline.PipelineFigures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The dashboard in docker/grafana against what a worker serves. */
final class DashboardTest {
    private static final Path DASHBOARD = Path.of("..", "docker", "grafana", "dashboards", "millrace.json");
    private static final Pattern METRIC = Pattern.compile("\\bmillrace_[a-z0-9_]+");
    private static final Pattern LABELS = Pattern.compile("by \\(([a-z_, ]+)\\)|\\{\\{([a-z_]+)}}");

    @Test
    void everyPanelAsksForMetricsThatAWorkerServes() throws IOException {
        Set<String> served = names(scrape());
        List<String> queries = queries();
        assertThat(queries).hasSizeGreaterThan(15);
        for (String query : queries) {
            Set<String> asked =
                    METRIC.matcher(query).results().map(match -> match.group()).collect(Collectors.toSet());
            assertThat(asked).as(query).isNotEmpty();
            assertThat(served).as(query).containsAll(asked);
        }
    }

    @Test
    void everyLabelOfTheDashboardIsServed() throws IOException {
        String text = scrape();
        for (JsonNode panel : dashboard().path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                Matcher labels = LABELS.matcher(target.path("expr").asText() + " "
                        + target.path("legendFormat").asText());
                while (labels.find()) {
                    for (String label : (labels.group(1) == null ? labels.group(2) : labels.group(1)).split(", *")) {
                        assertThat(text).contains(label + "=\"");
                    }
                }
            }
        }
    }

    @Test
    void panelsHaveTheirOwnNumbersAndPlaces() throws IOException {
        Set<Integer> numbers = new HashSet<>();
        Set<String> places = new HashSet<>();
        for (JsonNode panel : dashboard().path("panels")) {
            assertThat(numbers.add(panel.path("id").intValue())).isTrue();
            assertThat(places.add(panel.path("gridPos").toString())).isTrue();
            assertThat(panel.path("gridPos").path("x").intValue()
                            + panel.path("gridPos").path("w").intValue())
                    .isLessThanOrEqualTo(24);
            assertThat(panel.path("title").asText()).isNotBlank();
            assertThat(panel.path("datasource").path("uid").asText()).isEqualTo("millrace-prometheus");
        }
    }

    @Test
    void anAnswerIsCountedInEachOfItsFigures() {
        String text = scrape();
        assertThat(text)
                .contains("millrace_slots{model_name=\"m\",worker=\"w1\"} 16.0")
                .contains("millrace_request_success_total{finished_reason=\"stop\"")
                .contains("millrace_time_to_first_token_seconds_count")
                .contains("millrace_e2e_request_latency_seconds_sum{model_name=\"m\",worker=\"w1\"} 0.111")
                .contains("millrace_request_generation_tokens_sum{model_name=\"m\",worker=\"w1\"} 11.0")
                .contains("millrace_inter_token_latency_seconds_sum{model_name=\"m\",worker=\"w1\"} 0.01")
                .contains("millrace_group_backlog{model_name=\"m\",worker=\"w1\"} 42.0");
    }

    private static String scrape() {
        WorkerMetrics metrics = new WorkerMetrics("m", "w1");
        metrics.slots(16);
        metrics.update(PipelineFigures.none(), true, 42);
        metrics.update(new EngineFigures(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
        metrics.finished(List.of(new Decoder.Outcome.Answered(
                1,
                List.of(new Choice(0, "ok", FinishReason.STOP, 11, 0)),
                new Usage(7, 11, 0),
                new Timings(1, 10, 100))));
        return metrics.scrape();
    }

    private static Set<String> names(String text) {
        Set<String> names = new HashSet<>();
        for (String line : text.split("\n")) {
            Matcher name = METRIC.matcher(line);
            if (!line.startsWith("#") && name.lookingAt()) {
                names.add(name.group());
            }
        }
        return names;
    }

    private static JsonNode dashboard() throws IOException {
        return new ObjectMapper().readTree(DASHBOARD.toFile());
    }

    private static List<String> queries() throws IOException {
        List<String> queries = new ArrayList<>();
        for (JsonNode panel : dashboard().path("panels")) {
            panel.path("targets")
                    .forEach(target -> queries.add(target.path("expr").asText()));
        }
        for (JsonNode variable : dashboard().path("templating").path("list")) {
            queries.add(variable.path("query").path("query").asText());
        }
        return queries;
    }
}
