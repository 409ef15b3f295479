package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.millrace.wire.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The files in deploy/kubernetes, by the schemas of their kinds (see README.md beside these) and by what Millrace takes. */
final class KubernetesTest {
    private static final Path FOLDER = Path.of("..", "deploy", "kubernetes");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /** Objects whose keys are the user's own words. */
    private static final Set<String> FREE_KEYS =
            Set.of("labels", "annotations", "matchLabels", "requests", "limits", "nodeSelector");

    /** What KEDA's scaler for Kafka takes, by its documentation. */
    private static final Set<String> KAFKA_TRIGGER = Set.of(
            "bootstrapServers",
            "consumerGroup",
            "topic",
            "lagThreshold",
            "activationLagThreshold",
            "offsetResetPolicy",
            "allowIdleConsumers",
            "scaleToZeroOnInvalidOffset",
            "excludePersistentLag",
            "limitToPartitionsWithLag",
            "ensureEvenDistributionOfPartitions",
            "partitionLimitation",
            "version",
            "sasl",
            "tls",
            "unsafeSsl");

    private final JsonNode schemas = schemas();
    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7);
    private final Map<String, Schema> compiled = new HashMap<>();
    private final List<Manifest> manifests = manifests();

    private record Manifest(String file, JsonNode node) {
        String kind() {
            return node.path("apiVersion").asText() + "/" + node.path("kind").asText();
        }

        @Override
        public String toString() {
            return file + " " + kind();
        }
    }

    private static JsonNode schemas() {
        try (InputStream in = KubernetesTest.class.getResourceAsStream("/kubernetes/schemas.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Manifest> manifests() {
        List<Manifest> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.sorted().toList()) {
                YAML.readerFor(JsonNode.class)
                        .<JsonNode>readValues(file.toFile())
                        .forEachRemaining(
                                node -> all.add(new Manifest(file.getFileName().toString(), node)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private List<Error> errors(Manifest manifest) {
        JsonNode definition = schemas.path("kinds").path(manifest.kind());
        assertThat(definition.isTextual()).as("a schema for %s", manifest).isTrue();
        ObjectNode schema = new ObjectMapper().createObjectNode();
        schema.putArray("allOf").addObject().put("$ref", "#/definitions/" + definition.asText());
        schema.set("definitions", schemas.get("definitions"));
        return compiled(schema).validate(manifest.node());
    }

    private Schema compiled(ObjectNode schema) {
        return compiled.computeIfAbsent(schema.at("/allOf/0/$ref").asText(), ref -> registry.getSchema(schema));
    }

    private Stream<Manifest> of(String kind) {
        return manifests.stream()
                .filter(manifest -> manifest.node().path("kind").asText().equals(kind));
    }

    private static JsonNode pod(Manifest statefulSet) {
        return statefulSet.node().at("/spec/template/spec");
    }

    private static JsonNode container(Manifest statefulSet) {
        return pod(statefulSet).at("/containers/0");
    }

    private static Stream<JsonNode> each(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    @Test
    void everyManifestIsOfItsKindsSchema() {
        assertThat(manifests).extracting(Manifest::file).contains("keda.yaml", "service.yaml", "worker-cpu.yaml");
        assertThat(manifests)
                .allSatisfy(manifest ->
                        assertThat(errors(manifest)).as("%s", manifest).isEmpty());
    }

    @Test
    void aWrongNameOfAnyFieldIsFound() {
        int tried = 0;
        for (Manifest manifest : manifests) {
            List<Runnable> undo = new ArrayList<>();
            List<Consumer<Manifest>> wrongs = new ArrayList<>();
            collect(manifest.node(), "", wrongs, undo);
            for (int i = 0; i < wrongs.size(); i++) {
                wrongs.get(i).accept(manifest);
                undo.get(i).run();
                tried++;
            }
            assertThat(errors(manifest)).as("all is as it was").isEmpty();
        }
        System.out.println("Kubernetes: wrong names of fields tried and found: " + tried);
        assertThat(tried).isGreaterThan(150);
    }

    private void collect(JsonNode node, String path, List<Consumer<Manifest>> wrongs, List<Runnable> undo) {
        if (node instanceof ArrayNode array) {
            array.forEach(item -> collect(item, path + "[]", wrongs, undo));
            return;
        }
        if (!(node instanceof ObjectNode object)) {
            return;
        }
        boolean kedaTrigger = path.endsWith("triggers[].metadata");
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        for (String name : names) {
            if (!path.isEmpty() || !name.equals("apiVersion") && !name.equals("kind")) {
                if (!kedaTrigger) {
                    wrongs.add(manifest -> {
                        object.set(name + "X", object.remove(name));
                        assertThat(errors(manifest))
                                .as("%s%s.%sX", manifest, path, name)
                                .isNotEmpty();
                    });
                    undo.add(() -> object.set(name, object.remove(name + "X")));
                }
            }
            boolean plainSelector = name.equals("selector") && !object.get(name).has("matchLabels");
            if (!FREE_KEYS.contains(name) && !plainSelector) {
                collect(object.get(name), path + "." + name, wrongs, undo);
            }
        }
    }

    @Test
    void aValueOfAWrongTypeIsFound() {
        Manifest worker = of("StatefulSet").findFirst().orElseThrow();
        ObjectNode port = (ObjectNode) container(worker).at("/ports/0");
        port.put("containerPort", "8080");
        assertThat(errors(worker)).isNotEmpty();
        port.put("containerPort", 8080);
        ((ObjectNode) container(worker).at("/resources/limits")).put("memory", "32 GB");
        assertThat(errors(worker)).isNotEmpty();
    }

    @Test
    void theWorkersFlagsAreFlagsOfTheCommand() {
        assertThat(of("StatefulSet")).hasSize(2).allSatisfy(worker -> {
            String[] arguments =
                    each(container(worker).path("args")).map(JsonNode::asText).toArray(String[]::new);
            assertThat(Main.commandLine()
                            .parseArgs(arguments)
                            .subcommand()
                            .commandSpec()
                            .name())
                    .isEqualTo("worker");
        });
    }

    @Test
    void aPodMayDoNothingItNeedNotAndHasTimeToDrain() {
        assertThat(of("StatefulSet")).allSatisfy(worker -> {
            JsonNode pod = pod(worker);
            assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
            assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
            assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            JsonNode context = container(worker).path("securityContext");
            assertThat(context.path("readOnlyRootFilesystem").asBoolean()).isTrue();
            assertThat(context.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
            assertThat(context.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
            assertThat(container(worker).at("/resources/requests/memory").asText())
                    .isNotEmpty();
            assertThat(container(worker).at("/resources/limits/memory").asText())
                    .isNotEmpty();
            int drain = each(container(worker).path("args"))
                    .map(JsonNode::asText)
                    .filter(flag -> flag.startsWith("--drain-timeout="))
                    .mapToInt(flag -> Integer.parseInt(flag.substring(flag.indexOf('=') + 1)))
                    .findFirst()
                    .orElse(10);
            assertThat(pod.path("terminationGracePeriodSeconds").asInt())
                    .as("a worker takes 20 s for its last steps")
                    .isGreaterThan(drain + 20);
        });
    }

    @Test
    void whatRefersToSomethingRefersToSomethingThatIsThere() {
        assertThat(of("StatefulSet")).allSatisfy(worker -> {
            Set<String> volumes = new HashSet<>();
            each(pod(worker).path("volumes"))
                    .forEach(volume -> volumes.add(volume.path("name").asText()));
            assertThat(each(container(worker).path("volumeMounts"))
                            .map(mount -> mount.path("name").asText()))
                    .containsExactlyInAnyOrderElementsOf(volumes);
            JsonNode labels = worker.node().at("/spec/template/metadata/labels");
            assertThat(worker.node().at("/spec/selector/matchLabels")).isEqualTo(labels);
            Manifest service = of("Service").findFirst().orElseThrow();
            assertThat(worker.node().at("/spec/serviceName").asText())
                    .isEqualTo(service.node().at("/metadata/name").asText());
            assertThat(service.node().at("/spec/selector")).isEqualTo(labels);
            assertThat(service.node().at("/spec/clusterIP").asText()).isEqualTo("None");
            String port = container(worker).at("/ports/0/name").asText();
            assertThat(service.node().at("/spec/ports/0/targetPort").asText()).isEqualTo(port);
            assertThat(container(worker).at("/livenessProbe/httpGet/port").asText())
                    .isEqualTo(port);
            assertThat(of("PodDisruptionBudget")
                            .findFirst()
                            .orElseThrow()
                            .node()
                            .at("/spec/selector/matchLabels"))
                    .isEqualTo(labels);
            assertThat(of("NetworkPolicy").findFirst().orElseThrow().node().at("/spec/podSelector/matchLabels"))
                    .isEqualTo(labels);
            assertThat(of("ScaledObject")
                            .findFirst()
                            .orElseThrow()
                            .node()
                            .at("/spec/scaleTargetRef/name")
                            .asText())
                    .isEqualTo(worker.node().at("/metadata/name").asText());
        });
    }

    @Test
    void scalingLooksAtTheGroupAndTopicOfTheModelThatTheWorkersLoad() {
        JsonNode trigger = of("ScaledObject").findFirst().orElseThrow().node().at("/spec/triggers/0");
        assertThat(trigger.path("type").asText()).isEqualTo("kafka");
        Set<String> names = new HashSet<>();
        trigger.path("metadata").fieldNames().forEachRemaining(names::add);
        assertThat(KAFKA_TRIGGER).containsAll(names);
        assertThat(of("StatefulSet")).allSatisfy(worker -> {
            String model = each(container(worker).path("args"))
                    .map(JsonNode::asText)
                    .filter(flag -> flag.startsWith("--model="))
                    .map(flag -> EngineFlags.modelName(Path.of(flag.substring("--model=".length()))))
                    .findFirst()
                    .orElseThrow();
            assertThat(trigger.at("/metadata/consumerGroup").asText()).isEqualTo(Topics.DEFAULT.group(model));
            assertThat(trigger.at("/metadata/topic").asText()).isEqualTo(Topics.DEFAULT.jobs(model));
        });
    }
}
