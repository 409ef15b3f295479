package io.millrace.producer.sandbox;

import io.millrace.producer.score.Sample;
import io.millrace.producer.score.Score;
import io.millrace.producer.score.Scorer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Runs an answer's code with the task's tests: HumanEval ({@code prompt}, {@code test}, {@code entry_point}), MBPP ({@code
 * test_list}, {@code test_setup_code}) and HumanEval-X in Java ({@code prompt}, {@code test} with a class {@code Main}).
 * Passed is what prints, after the last test, a word that was drawn for this run: a program that just ends does not pass.
 *
 * <p>Thread-safe.
 */
public final class CodeScorer implements Scorer {
    private static final Pattern FENCED = Pattern.compile("```[A-Za-z0-9+#]*[ \\t]*\\n(.*?)(?:```|$)", Pattern.DOTALL);
    private static final List<String> JAVA_FLAGS = List.of(
            "-Xmx256m",
            "-Xss1m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=48m",
            "-XX:CompressedClassSpaceSize=64m",
            "-Xshare:auto");

    private final Sandbox sandbox;
    private final Duration time;

    /** @param time of a program; Java gets twice as much, since it compiles first */
    public CodeScorer(Sandbox sandbox, Duration time) {
        this.sandbox = sandbox;
        this.time = time;
    }

    @Override
    public Optional<Score> score(Sample sample) {
        String word = "passed-" + UUID.randomUUID();
        Optional<Program> program = isJava(sample) ? java(sample, word) : python(sample, word);
        return program.map(found -> run(found, word));
    }

    private Score run(Program program, String word) {
        try {
            Outcome outcome = sandbox.run(program);
            if (!outcome.well()) {
                return Score.wrong(outcome.fault());
            }
            return outcome.output().strip().endsWith(word)
                    ? Score.right()
                    : Score.wrong("ended before its tests had passed");
        } catch (IOException e) {
            throw new UncheckedIOException("the sandbox (" + sandbox.name() + ") failed: " + e.getMessage(), e);
        }
    }

    private static boolean isJava(Sample sample) {
        return sample.field("language").orElse("").equalsIgnoreCase("java")
                || sample.field("task_id").orElse("").startsWith("Java/");
    }

    private Optional<Program> python(Sample sample, String word) {
        Optional<String> tests = pythonTests(sample);
        if (tests.isEmpty()) {
            return Optional.empty();
        }
        String entry = sample.field("entry_point").orElse("");
        String code = code(sample.text(), "def " + entry + "(");
        String prompt = sample.field("prompt").orElse(sample.prompt());
        boolean whole = entry.isEmpty() || code.contains("def " + entry + "(");
        String source =
                (whole ? imports(prompt) : prompt) + code + "\n\n" + tests.get() + "\nprint()\nprint('" + word + "')\n";
        return Optional.of(
                new Program("program.py", source, List.of("python3", "-I", "program.py"), Limits.python(time)));
    }

    private static Optional<String> pythonTests(Sample sample) {
        if (sample.field("test").isPresent() && sample.field("entry_point").isPresent()) {
            return Optional.of(sample.field("test").get() + "\ncheck("
                    + sample.field("entry_point").get() + ")\n");
        }
        if (sample.list("test_list").isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(sample.field("test_setup_code").orElse("") + "\n"
                + sample.list("test_list").stream().map(Object::toString).collect(Collectors.joining("\n")));
    }

    private Optional<Program> java(Sample sample, String word) {
        if (sample.field("test").isEmpty()) {
            return Optional.empty();
        }
        String code = code(sample.text(), "class Solution");
        String prompt = sample.field("prompt").orElse(sample.prompt());
        String source = (code.contains("class Solution") ? imports(prompt) : prompt) + code + "\n"
                + sample.field("test").get()
                + "\nclass AfterTests {\n  public static void main(String[] arguments) throws Exception {\n"
                + "    Main.main(arguments);\n    System.out.println(\"\\n" + word + "\");\n  }\n}\n";
        String java = System.getProperty("java.home") + "/bin/java " + String.join(" ", JAVA_FLAGS);
        String command = java + " -m jdk.compiler/com.sun.tools.javac.Main -nowarn -d classes Main.java && " + java
                + " -cp classes AfterTests";
        return Optional.of(
                new Program("Main.java", source, List.of("sh", "-c", command), Limits.java(time.multipliedBy(2))));
    }

    /** The answer's first fenced block that has the text, else its first; without any the answer as it is. */
    private static String code(String answer, String wanted) {
        Matcher matcher = FENCED.matcher(answer);
        Optional<String> first = Optional.empty();
        while (matcher.find()) {
            String block = matcher.group(1);
            if (block.contains(wanted)) {
                return block;
            }
            first = first.isPresent() ? first : Optional.of(block);
        }
        return first.orElse(answer);
    }

    private static String imports(String prompt) {
        return prompt.lines()
                .filter(line -> line.startsWith("import ") || line.startsWith("from "))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }
}
