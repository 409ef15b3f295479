package io.millrace.producer.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.producer.score.Sample;
import io.millrace.producer.score.Score;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs in every sandbox that this machine has; without one, and without Python, they are skipped and say so. */
class CodeScorerTest {
    private static final Duration TIME = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(1_000);

    @TempDir
    Path folder;

    @BeforeAll
    static void needsATool() throws IOException {
        Sandbox.Found found = Sandbox.find();
        assumeTrue(found.sandbox().isPresent(), () -> "no sandbox works here: " + found.reasons());
        assumeTrue(Machine.tool("python3").isPresent(), "there is no python3 in /usr/bin");
    }

    static Stream<Sandbox> sandboxes() throws IOException {
        return Sandbox.all().stream();
    }

    /** The published solutions of all 164 problems, in the best sandbox. */
    @Test
    void humanEvalsOwnSolutionsAllPass() throws Exception {
        CodeScorer scorer = new CodeScorer(Sandbox.find().sandbox().orElseThrow(), TIME);
        List<Sample> samples = humanEval();
        assertThat(samples).hasSize(164);

        List<Score> scores = inParallel(samples, scorer);

        assertThat(scores).allSatisfy(score -> assertThat(score).isEqualTo(Score.right()));
        assertThat(scores.stream().mapToDouble(Score::value).average()).hasValue(1.0);
    }

    @ParameterizedTest
    @MethodSource("sandboxes")
    void aWrongSolutionFailsAndSaysWhy(Sandbox sandbox) {
        CodeScorer scorer = new CodeScorer(sandbox, TIME);

        assertThat(scorer.score(add("    return a - b\n")))
                .hasValueSatisfying(score -> assertThat(score.detail()).contains("AssertionError"));
        assertThat(scorer.score(add("    return a +\n")))
                .hasValueSatisfying(score -> assertThat(score.detail()).contains("SyntaxError"));
        assertThat(scorer.score(add("Here it is:\n```python\ndef add(a, b):\n    return a + b\n```\nDone.")))
                .contains(Score.right());
        assertThat(scorer.score(new Sample("", "", Map.of("prompt", "x")))).isEmpty();
        assertThat(scorer.score(new Sample(
                        "Write add.",
                        "def add(a, b):\n    return a + b",
                        Map.of("test_list", List.of("assert add(1, 2) == 3")))))
                .contains(Score.right());
    }

    @ParameterizedTest
    @MethodSource("sandboxes")
    void hostileProgramsScoreNothingAndHarmNothing(Sandbox sandbox) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "kept");
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CodeScorer scorer = new CodeScorer(sandbox, SHORT);
            for (Map.Entry<String, String> act :
                    acts(server.getLocalPort(), secret).entrySet()) {
                Score score = scorer.score(add(act.getValue().indent(4))).orElseThrow();
                assertThat(score.value())
                        .as(act.getKey() + " (" + score.detail() + ")")
                        .isZero();
            }
        }
        assertThat(secret).hasContent("kept");
        assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
                .as("nothing is left running")
                .noneMatch(handle -> handle.info().command().orElse("").contains("python"));
        assertThat(Path.of("/tmp/millrace-hostile")).doesNotExist();
        assertThat(new CodeScorer(sandbox, TIME).score(add("    return a + b\n")))
                .contains(Score.right());
    }

    /** Each passes the tests if what it tries works. */
    private static Map<String, String> acts(int port, Path secret) {
        Map<String, String> acts = new LinkedHashMap<>();
        acts.put("fork bomb", "import os\nwhile True:\n    os.fork()");
        acts.put(
                "many processes",
                "import os, time\nfor i in range(200):\n    if os.fork() == 0:\n        time.sleep(60)\nreturn a + b");
        acts.put("network", "import socket\nsocket.create_connection(('127.0.0.1', " + port + "), 1)\nreturn a + b");
        acts.put("names", "import socket\nsocket.getaddrinfo('example.org', 80)\nreturn a + b");
        acts.put(
                "fills the disk",
                "for i in range(64):\n    with open(f'/work/{i}', 'wb') as f:\n        f.write(b'x' * (1 << 20))\nreturn a + b");
        acts.put("one large file", "open('/work/x', 'wb').write(b'x' * (40 << 20))\nreturn a + b");
        acts.put("fills memory by shm", "open('/dev/shm/x', 'wb').write(b'x')\nreturn a + b");
        acts.put("reads /etc", "open('/etc/passwd').read()\nreturn a + b");
        acts.put("reads the user's files", "open('" + secret + "').read()\nreturn a + b");
        acts.put("changes programs", "open('/usr/bin/millrace-hostile', 'w').write('x')\nreturn a + b");
        acts.put("changes the root", "open('/millrace-hostile', 'w').write('x')\nreturn a + b");
        acts.put("endless loop", "while True:\n    pass");
        acts.put("endless output", "while True:\n    print('x' * 1000)");
        acts.put("memory", "x = bytearray(4 << 30)\nreturn a + b");
        acts.put(
                "memory in parts",
                "import os, time\nfor i in range(8):\n    if os.fork() == 0:\n        x = b'x' * (200 << 20)\n        time.sleep(60)\ntime.sleep(60)");
        acts.put("kills its parent", "import os\nos.kill(os.getppid(), 9)\nos.kill(-1, 9)\nos._exit(0)");
        acts.put(
                "kills this JVM",
                "import os\nos.kill(" + ProcessHandle.current().pid() + ", 0)\nreturn a + b");
        acts.put("ends before the tests", "import os\nos._exit(0)");
        acts.put("exits well", "raise SystemExit(0)");
        acts.put(
                "new namespaces", "import os, ctypes\nassert ctypes.CDLL(None).unshare(0x10000000) == 0\nreturn a + b");
        acts.put("becomes root", "import os\nos.setuid(0)\nos.mknod('/work/d', 0o660 | 0o060000, 2049)\nreturn a + b");
        acts.put(
                "leaves a daemon",
                "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(60)\nos._exit(0)");
        return acts;
    }

    @Test
    void javaIsCompiledAndRun() throws IOException {
        CodeScorer scorer = new CodeScorer(Sandbox.find().sandbox().orElseThrow(), TIME);

        assertThat(scorer.score(square("        return x * x;\n    }\n}\n"))).contains(Score.right());
        assertThat(scorer.score(square("        return x + x;\n    }\n}\n"))
                        .orElseThrow()
                        .value())
                .isZero();
        assertThat(scorer.score(square("        System.exit(0); return 0;\n    }\n}\n"))
                        .orElseThrow()
                        .detail())
                .isEqualTo("ended before its tests had passed");
    }

    private static Sample square(String completion) {
        return new Sample(
                "",
                completion,
                Map.of(
                        "task_id", "Java/0",
                        "prompt", "import java.util.*;\n\nclass Solution {\n    public int square(int x) {\n",
                        "test",
                                "public class Main {\n    public static void main(String[] args) {\n"
                                        + "        if (new Solution().square(3) != 9) {\n"
                                        + "            throw new AssertionError();\n        }\n    }\n}\n"));
    }

    private static Sample add(String completion) {
        return new Sample(
                "",
                completion,
                Map.of(
                        "prompt", "def add(a, b):\n    \"\"\"The sum.\"\"\"\n",
                        "entry_point", "add",
                        "test", "def check(candidate):\n    assert candidate(1, 2) == 3\n"));
    }

    private static List<Sample> humanEval() throws IOException {
        List<Sample> samples = new ArrayList<>();
        ObjectMapper json = new ObjectMapper();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(CodeScorerTest.class.getResourceAsStream("/inputs/HumanEval.jsonl.gz")),
                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode task = json.readTree(line);
                Map<String, Object> fields = new LinkedHashMap<>();
                for (String field : List.of("task_id", "test", "entry_point")) {
                    fields.put(field, task.get(field).textValue());
                }
                samples.add(new Sample(
                        task.get("prompt").textValue(),
                        task.get("canonical_solution").textValue(),
                        fields));
            }
        }
        return samples;
    }

    private static List<Score> inParallel(List<Sample> samples, CodeScorer scorer) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            List<Callable<Score>> work = new ArrayList<>();
            samples.forEach(sample -> work.add(() -> scorer.score(sample).orElseThrow()));
            List<Score> scores = new ArrayList<>();
            for (Future<Score> one : pool.invokeAll(work)) {
                scores.add(one.get());
            }
            return scores;
        } finally {
            pool.shutdownNow();
        }
    }
}
