package io.millrace.cli.http;

import io.millrace.producer.view.ClusterPicture;
import io.millrace.producer.view.RecentJob;
import io.millrace.producer.view.RunView;
import io.millrace.producer.view.TokenHistory;
import io.millrace.producer.view.WorkerView;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;

/**
 * A picture as JSON, for the page's script and for whoever else wants it.
 *
 * <p>Thread-safe.
 */
final class PictureJson {

    private PictureJson() {}

    static String of(ClusterPicture picture) {
        JsonArray runs = new JsonArray();
        picture.runs().forEach(run -> runs.add(run(run)));
        JsonArray workers = new JsonArray();
        picture.workers().forEach(worker -> workers.add(worker(worker)));
        return new JsonObject()
                .put("number", picture.number())
                .put("at", picture.atEpochMillis())
                .put("cluster", picture.cluster())
                .put("tokens_per_second", rounded(picture.tokens().now()))
                .put("jobs_per_second", rounded(picture.jobsPerSecond()))
                .put("workers_up", picture.workersUp())
                .put("slots", picture.slots())
                .put("busy_slots", picture.busySlots())
                .put("runs", runs)
                .put("workers", workers)
                .put("tokens", tokens(picture.tokens()))
                .put("results", jobs(picture.results()))
                .put("failures", jobs(picture.failures()))
                .put("notes", new JsonArray(picture.notes()))
                .encode();
    }

    private static JsonObject run(RunView run) {
        JsonObject failures = new JsonObject();
        run.totals().failures().forEach((kind, jobs) -> failures.put(kind.name(), jobs));
        JsonObject json = new JsonObject()
                .put("id", run.runId())
                .put("state", run.state().name())
                .put("model", run.models().toString())
                .put("jobs", run.jobs())
                .put("answered", run.totals().answered())
                .put("failed", run.totals().failed())
                .put("failures", failures)
                .put("prompt_tokens", run.totals().promptTokens())
                .put("completion_tokens", run.totals().completionTokens())
                .put("jobs_per_second", rounded(run.jobsPerSecond()))
                .put("created", run.createdEpochMillis());
        run.secondsLeft().ifPresent(seconds -> json.put("seconds_left", seconds));
        return json;
    }

    private static JsonObject worker(WorkerView worker) {
        JsonObject json = new JsonObject()
                .put("name", worker.name())
                .put("model", worker.model())
                .put("condition", worker.condition().name())
                .put("partitions", worker.partitions())
                .put("tokens_per_second", rounded(worker.tokensPerSecond()));
        worker.address().ifPresent(address -> json.put("address", address));
        worker.figures()
                .ifPresent(figures -> json.put("slots", figures.slots())
                        .put("busy_slots", figures.busySlots())
                        .put("waiting", figures.waiting())
                        .put("kv_use", rounded(figures.kvUse()))
                        .put("backlog", figures.groupBacklog()));
        return json;
    }

    private static JsonObject tokens(TokenHistory tokens) {
        return new JsonObject()
                .put("last_second", tokens.lastSecond())
                .put("step_seconds", TokenHistory.STEP_SECONDS)
                .put("generated", numbers(tokens.generated()))
                .put("committed", numbers(tokens.committed()));
    }

    private static JsonArray numbers(List<Double> values) {
        JsonArray numbers = new JsonArray();
        values.forEach(value -> numbers.add(rounded(value)));
        return numbers;
    }

    private static JsonArray jobs(List<RecentJob> jobs) {
        JsonArray array = new JsonArray();
        for (RecentJob job : jobs) {
            JsonObject json = new JsonObject()
                    .put("id", job.jobId())
                    .put("custom_id", job.customId())
                    .put("worker", job.worker())
                    .put("ending", job.ending())
                    .put("prompt_tokens", job.promptTokens())
                    .put("completion_tokens", job.completionTokens())
                    .put("created", job.createdEpochSeconds());
            job.seconds().ifPresent(seconds -> json.put("seconds", rounded(seconds)));
            job.content().ifPresent(content -> json.put("content", content));
            array.add(json);
        }
        return array;
    }

    /** Three digits are more than a person reads; whole numbers stay short. */
    private static Number rounded(double value) {
        double three = Double.parseDouble(String.format(Locale.ROOT, "%.3f", value));
        return three == Math.rint(three) ? (Number) (long) three : (Number) three;
    }
}
