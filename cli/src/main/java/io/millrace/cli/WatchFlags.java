package io.millrace.cli;

import io.millrace.cli.local.LocalAddresses;
import io.millrace.cli.watch.WatchSettings;
import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.KafkaSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code top} and {@code dashboard} watch. */
final class WatchFlags {
    private static final int CONNECT_MILLIS = 2_000;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Parameters(arity = "0..*", paramLabel = "RUN", description = "Only these runs.")
    private List<String> only = List.of();

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many runs are followed, the newest ones (default: ${DEFAULT-VALUE}).")
    private int mostRuns;

    @Option(
            names = "--worker",
            paramLabel = "URL",
            description = "Where a worker serves its figures, such as http://gpu-1:8080; give it several times for"
                    + " several workers. A name that stands for several machines means all of them.")
    private List<URI> workers = List.of();

    @Option(
            names = "--show-content",
            description = "Show what models wrote, and reasons of failures that may quote a prompt.")
    private boolean showContent;

    /** With the run in this folder where no Kafka is named. */
    WatchSettings settings() {
        workers.forEach(WatchFlags::check);
        LocalAddresses here = new LocalAddresses(RunFlags.WORK);
        Supplier<Optional<KafkaClients>> kafka;
        if (cluster.given()) {
            Optional<KafkaClients> clients = Optional.of(cluster.clients());
            kafka = () -> clients;
        } else if (here.broker().isPresent()) {
            here.broker().ifPresent(WatchFlags::requireListening);
            kafka = () -> here.broker().map(address -> new KafkaClients(KafkaSettings.of(address)));
        } else {
            throw new UserError("no Kafka is named: give --bootstrap-server HOST:PORT, or call this in the folder of a"
                    + " run --local while it goes on");
        }
        Supplier<List<URI>> addresses =
                workers.isEmpty() && !cluster.given() ? () -> local(here.workers()) : () -> workers;
        try {
            return new WatchSettings(
                    kafka,
                    addresses,
                    cluster.topics(),
                    mostRuns,
                    Set.copyOf(only),
                    showContent,
                    ClusterOptions.START_PATIENCE);
        } catch (IllegalArgumentException e) {
            throw new UserError(e.getMessage());
        }
    }

    /** A run that was killed leaves its addresses behind. */
    private static void requireListening(String broker) {
        int colon = broker.lastIndexOf(':');
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(broker.substring(0, colon), Integer.parseInt(broker.substring(colon + 1))),
                    CONNECT_MILLIS);
        } catch (IOException e) {
            throw new UserError("the run --local of this folder does not go on any more: nothing answers at " + broker);
        }
    }

    private static List<URI> local(Set<String> addresses) {
        return addresses.stream().map(URI::create).toList();
    }

    private static void check(URI worker) {
        boolean http = "http".equals(worker.getScheme()) || "https".equals(worker.getScheme());
        if (!http || worker.getHost() == null) {
            throw new UserError("--worker '" + worker + "' is no address of a worker: write http://HOST:PORT");
        }
    }
}
