package io.millrace.cli;

import io.millrace.kafka.KafkaClients;
import io.millrace.producer.kafka.Cancellation;
import io.millrace.wire.Topics;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Cancels a run. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        description = "Cancels a run, from any machine: running jobs stop, and all that are not finished end as failed"
                + " with CANCELLED.",
        footer = {"", "Example:", "  millrace cancel 3f9a0c51d2e47b68 --bootstrap-server kafka:9092"})
final class CancelCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Parameters(paramLabel = "RUN", description = "The run's id, as status lists it.")
    private String runId;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        KafkaClients clients = cluster.clients();
        Topics topics = cluster.topics();
        Cancellation.Outcome outcome = Cancellation.cancel(clients, topics, runId, ClusterOptions.START_PATIENCE);
        if (outcome == Cancellation.Outcome.COMPLETE) {
            throw new UserError("run " + runId + " is complete: there is nothing to cancel");
        }
        err.println(
                "run " + runId + (outcome == Cancellation.Outcome.ALREADY ? " was cancelled before" : " is cancelled")
                        + "; millrace collect " + runId + " gets what there is of it");
        return ExitStatus.OK;
    }
}
