package io.millrace.cli;

import io.millrace.job.RunManifest;
import io.millrace.kafka.KafkaClients;
import io.millrace.producer.kafka.RunManifests;
import io.millrace.producer.kafka.RunsReader;
import io.millrace.producer.view.RunBook;
import io.millrace.producer.view.RunView;
import io.millrace.wire.Topics;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says how far runs are. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the runs, or one run: how far they are, jobs a second over the last minute, the time left at that pace,",
            "tokens, and failed jobs by kind."
        },
        footer = {"", "Example:", "  millrace status --bootstrap-server kafka:9092"})
final class StatusCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(200);

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Parameters(arity = "0..1", paramLabel = "RUN", description = "Only this run.")
    private String runId;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        KafkaClients clients = cluster.clients();
        Topics topics = cluster.topics();
        List<RunManifest> runs;
        try (RunManifests manifests = new RunManifests(clients, topics, PATIENCE)) {
            manifests.refresh();
            runs = manifests.all().stream()
                    .filter(run -> runId == null || run.runId().equals(runId))
                    .toList();
        }
        if (runs.isEmpty()) {
            throw new UserError(
                    runId == null ? "nothing was submitted here yet" : "there is no run " + runId + " here");
        }
        out.println(StatusText.HEADER);
        for (RunView run : views(clients, topics, runs)) {
            StatusText.of(run).forEach(out::println);
        }
        out.flush();
        return ExitStatus.OK;
    }

    /** All of them in one pass over the results. */
    private List<RunView> views(KafkaClients clients, Topics topics, List<RunManifest> runs) {
        Set<String> ids = runs.stream().map(RunManifest::runId).collect(Collectors.toSet());
        RunBook book = new RunBook(runs.size(), ids, false);
        book.manifests(runs);
        try (RunsReader reader = new RunsReader(clients, topics, book.resultOffsets(), PATIENCE)) {
            reader.mark();
            while (reader.behind() > 0) {
                reader.poll(POLL, book::wants).forEach(book::take);
            }
            PrintWriter err = spec.commandLine().getErr();
            reader.losses().forEach(loss -> err.println("millrace: " + loss));
        }
        return book.views(System.currentTimeMillis() / 1000);
    }
}
