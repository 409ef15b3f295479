package io.millrace.system;

import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.apache.kafka.common.resource.ResourceType.GROUP;
import static org.apache.kafka.common.resource.ResourceType.TOPIC;
import static org.apache.kafka.common.resource.ResourceType.TRANSACTIONAL_ID;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.CommandLineRun;
import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.KafkaSettings;
import io.millrace.kafka.TopicSetup;
import io.millrace.wire.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.acl.AclBinding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run from file to file over TLS with logins, with no more rights than docs/security.md lists, the worker in a process
 * of its own with the real model.
 */
final class SecurityTest {
    private static final String MODEL = "tiny-chatml-q8_0";
    private static final Path MODEL_FILE =
            Path.of("..", "models", MODEL + ".gguf").toAbsolutePath().normalize();
    private static final Path TASKS =
            Path.of("..", "examples", "tasks.jsonl").toAbsolutePath().normalize();
    private static final String SECRET = "s3cret";

    @TempDir
    Path folder;

    @Test
    void aRunNeedsNoMoreThanTheListedRightsAndShowsNoSecret() throws Exception {
        try (SecuredBroker broker = new SecuredBroker(folder)) {
            setUp(broker);
            try (LocalRun worker = LocalRun.start(
                    folder,
                    "worker",
                    "--bootstrap-server=" + broker.bootstrap(),
                    "--kafka-config=" + broker.clientFile(SecuredBroker.WORKER),
                    "--model=" + MODEL_FILE,
                    "--instance=w1",
                    "--slots=4",
                    "--http-port=0")) {
                CommandLineRun run = run(broker, broker.clientFile(SecuredBroker.RUNNER), "out", "--limit=20");
                assertThat(run.status()).as(run.output() + worker.log()).isZero();
                assertThat(run.output()).doesNotContain(SECRET);
                assertThat(commandLines()).anyMatch(line -> line.contains(".EngineMain "));
                assertThat(commandLines()).noneMatch(line -> line.contains(SECRET));
                assertThat(worker.log()).contains("assigned partitions").doesNotContain(SECRET);
                CommandLineRun top = CommandLineRun.of(
                        "top",
                        "--once",
                        "--bootstrap-server=" + broker.bootstrap(),
                        "--kafka-config=" + broker.clientFile(SecuredBroker.RUNNER));
                assertThat(top.output())
                        .contains("COMPLETE")
                        .contains(" 20/20 ")
                        .contains("in group")
                        .doesNotContain("does not permit")
                        .doesNotContain(SECRET);
            }
            assertThat(Files.readAllLines(folder.resolve("out").resolve("results.jsonl")))
                    .hasSize(20);
            assertThat(files(folder.resolve("out"))).noneMatch(text -> text.contains(SECRET));
            assertThat(records(broker)).hasSize(20).noneMatch(text -> text.contains(SECRET));

            CommandLineRun wrong = run(broker, broker.clientFile(SecuredBroker.RUNNER, SECRET + "-wrong"), "wrong");
            assertThat(wrong.status()).isEqualTo(3);
            assertThat(wrong.output()).contains("refuses the login").doesNotContain(SECRET);
            CommandLineRun stranger = run(broker, broker.clientFile(SecuredBroker.STRANGER), "strange");
            assertThat(stranger.status()).isEqualTo(3);
            assertThat(stranger.output()).contains("does not permit").doesNotContain(SECRET);
        }
    }

    /** The topics are made by somebody who may, then the two users get the rights of docs/security.md. */
    private static void setUp(SecuredBroker broker) throws Exception {
        KafkaClients clients = clients(broker);
        new TopicSetup(clients, Topics.DEFAULT, Duration.ofSeconds(60)).ensure(MODEL, 4);
        List<AclBinding> rights = new ArrayList<>();
        for (String user : List.of(SecuredBroker.WORKER, SecuredBroker.RUNNER)) {
            rights.add(SecuredBroker.right(user, TOPIC, "millrace.", DESCRIBE));
            rights.add(SecuredBroker.right(user, TOPIC, "millrace.", DESCRIBE_CONFIGS));
            rights.add(SecuredBroker.right(user, GROUP, "millrace.", READ));
            rights.add(SecuredBroker.right(user, TRANSACTIONAL_ID, "millrace-setup-", WRITE));
            rights.add(SecuredBroker.right(user, TOPIC, "millrace.dead", WRITE));
            rights.add(SecuredBroker.right(user, TOPIC, "millrace.runs", READ));
        }
        rights.add(SecuredBroker.right(SecuredBroker.WORKER, TOPIC, "millrace.jobs.", READ));
        rights.add(SecuredBroker.right(SecuredBroker.WORKER, TOPIC, "millrace.results", WRITE));
        rights.add(SecuredBroker.right(SecuredBroker.WORKER, TRANSACTIONAL_ID, "millrace-worker-", WRITE));
        rights.add(SecuredBroker.right(SecuredBroker.RUNNER, TOPIC, "millrace.jobs.", READ));
        rights.add(SecuredBroker.right(SecuredBroker.RUNNER, TOPIC, "millrace.jobs.", WRITE));
        rights.add(SecuredBroker.right(SecuredBroker.RUNNER, TOPIC, "millrace.runs", WRITE));
        rights.add(SecuredBroker.right(SecuredBroker.RUNNER, TOPIC, "millrace.results", READ));
        rights.add(SecuredBroker.right(SecuredBroker.RUNNER, TOPIC, "millrace.dead", READ));
        rights.add(SecuredBroker.right(SecuredBroker.RUNNER, TRANSACTIONAL_ID, "millrace-submit-", WRITE));
        try (Admin admin = clients.admin("test")) {
            SecuredBroker.grant(admin, rights);
        }
    }

    private static KafkaClients clients(SecuredBroker broker) throws IOException {
        return new KafkaClients(KafkaSettings.load(
                Optional.of(broker.bootstrap()), Optional.of(broker.clientFile(SecuredBroker.ADMIN))));
    }

    private CommandLineRun run(SecuredBroker broker, Path config, String out, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "run",
                "--bootstrap-server=" + broker.bootstrap(),
                "--kafka-config=" + config,
                "--model=" + MODEL,
                "--input-file=" + TASKS,
                "--max-tokens=8",
                // The alarm looks while the worker still loads its model, and must be allowed to.
                "--loss-alarm-after=1s",
                "--output=" + folder.resolve(out)));
        arguments.addAll(List.of(more));
        return CommandLineRun.of(arguments.toArray(String[]::new));
    }

    /** Of everything that this test has started, as {@code ps} shows it. */
    private static List<String> commandLines() {
        try (Stream<ProcessHandle> all = ProcessHandle.current().descendants()) {
            return all.map(SecurityTest::commandLine).toList();
        }
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                    .replace('\0', ' ');
        } catch (IOException e) {
            return ""; // it has just ended
        }
    }

    private static List<String> files(Path folder) throws IOException {
        List<String> texts = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.add(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return texts;
    }

    private static List<String> records(SecuredBroker broker) throws Exception {
        return CommittedRecords.of(clients(broker), Topics.DEFAULT.results()).stream()
                .map(ConsumerRecord::value)
                .map(value -> new String(value, StandardCharsets.UTF_8))
                .toList();
    }
}
