package io.millrace.cli;

import io.millrace.cli.broker.EmbeddedBroker;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a Kafka broker of one node in this process. */
@Command(
        name = "broker",
        mixinStandardHelpOptions = true,
        description = "Runs a Kafka broker of one node, for one machine: KRaft, no replication.",
        footer = {"", "Example:", "  millrace broker --data /var/lib/millrace --port 9092"})
final class BrokerCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".millrace/broker",
            description = "Where topics are kept (default: ${DEFAULT-VALUE}).")
    private Path data;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "(default: ${DEFAULT-VALUE})")
    private String host;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "9092",
            description = "0 takes a free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--stop-with-stdin", hidden = true, description = "Stop when standard input ends.")
    private boolean stopWithStdin;

    @Override
    public Integer call() throws Exception {
        if (stopWithStdin) {
            ParentWatch.start();
        }
        CountDownLatch stopped = new CountDownLatch(1);
        EmbeddedBroker broker = EmbeddedBroker.start(data, host, port);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            broker.close();
                            stopped.countDown();
                        },
                        "stop"));
        PrintWriter out = spec.commandLine().getOut();
        out.println("broker ready at " + broker.bootstrap());
        out.flush();
        stopped.await();
        return ExitStatus.OK;
    }
}
