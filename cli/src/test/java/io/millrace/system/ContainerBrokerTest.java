package io.millrace.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.millrace.cli.CommandLineRun;
import io.millrace.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.kafka.KafkaContainer;

/**
 * The broker of docker-compose.yml, image and settings, in a container. Where there is no Docker engine, or no such image
 * is to be had, the test that needs it is skipped and says so.
 */
final class ContainerBrokerTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String MODEL = "tiny-chatml-q8_0";
    private static final int JOBS = 40;

    @TempDir
    Path folder;

    private static JsonNode broker() throws IOException {
        return new YAMLMapper()
                .readTree(ROOT.resolve("docker-compose.yml").toFile())
                .path("services")
                .path("kafka");
    }

    @Test
    void theBrokersImageIsOfTheVersionThatTheProjectIsBuiltWith() throws IOException {
        String version = broker().path("image").asText().replace("apache/kafka:", "");

        assertThat(ROOT.resolve("pom.xml")).content().contains("<kafka.version>" + version + "</kafka.version>");
    }

    @Test
    void aRunGoesFromSubmitToCollectThroughTheComposeFilesBroker() throws Exception {
        String image = broker().path("image").asText();
        Optional<String> hindrance = DockerEngine.hindrance(image);
        hindrance.ifPresent(reason -> System.out.println("no broker in a container: " + reason));
        assumeTrue(hindrance.isEmpty(), () -> hindrance.orElse(""));

        try (KafkaContainer broker = new KafkaContainer(image).withEnv(settings())) {
            broker.start();
            String address = "--bootstrap-server=" + broker.getBootstrapServers();
            ChildJvm worker = ChildJvm.start(
                    folder,
                    "worker",
                    Main.class,
                    "worker",
                    address,
                    "--model=" + ROOT.resolve("models").resolve(MODEL + ".gguf"),
                    "--instance=w1",
                    "--http-port=0");
            try {
                run(address);
            } finally {
                worker.kill();
            }
        }
    }

    private void run(String address) throws IOException {
        Path out = folder.resolve("out");
        CommandLineRun submit = CommandLineRun.of(
                "submit",
                address,
                "--model=" + MODEL,
                "--input-file=" + ROOT.resolve("examples").resolve("tasks.jsonl"),
                "--limit=" + JOBS);
        assertThat(submit.status()).as(submit.output()).isZero();
        String run = submit.output().lines().reduce((before, line) -> line).orElseThrow();

        CommandLineRun collect = CommandLineRun.of("collect", run, address, "--output=" + out);
        assertThat(collect.status()).as(collect.output()).isZero();
        CommandLineRun audit = CommandLineRun.of("audit", run, address);

        assertThat(audit.output()).contains("jobs " + JOBS + " results " + JOBS + " lost 0 duplicates 0");
        assertThat(Files.readAllLines(out.resolve("results.jsonl"))).hasSize(JOBS);
    }

    /** The compose file's, but for what says where the broker listens, which is Testcontainers' to set. */
    private static Map<String, String> settings() throws IOException {
        Map<String, String> settings = new TreeMap<>();
        broker().path("environment").fields().forEachRemaining(setting -> {
            if (List.of("LISTENER", "QUORUM", "CLUSTER_ID").stream().noneMatch(setting.getKey()::contains)) {
                settings.put(setting.getKey(), setting.getValue().asText());
            }
        });
        return settings;
    }
}
