package io.millrace.system;

import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.KafkaSettings;
import io.millrace.wire.Topics;
import io.millrace.worker.app.EngineOptions;
import io.millrace.worker.app.Worker;
import io.millrace.worker.app.WorkerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The real worker with {@link TimedEngineMain} as its engine. Arguments: broker, instance, slots, file of starts. */
public final class TimedWorkerMain {
    static final String MODEL = "timed";

    private TimedWorkerMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        KafkaClients clients = new KafkaClients(KafkaSettings.of(arguments[0]));
        WorkerConfig config = new WorkerConfig(
                Topics.DEFAULT,
                MODEL,
                arguments[1],
                clients.settings().client(),
                EngineOptions.of(Path.of("none.gguf")),
                32,
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                "127.0.0.1",
                0,
                Optional.empty(),
                Boolean.getBoolean("share.backlog"),
                Optional.empty());
        String end = Worker.run(
                config,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TimedEngineMain.class.getName(),
                        arguments[2],
                        arguments[3]));
        System.exit(end.isEmpty() ? 0 : 3);
    }
}
