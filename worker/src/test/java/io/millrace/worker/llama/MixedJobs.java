package io.millrace.worker.llama;

import io.millrace.job.AnswerOptions;
import io.millrace.job.Job;
import io.millrace.job.JobId;
import io.millrace.job.Message;
import io.millrace.job.OutputFormat;
import io.millrace.job.SamplingParams;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;

/** Jobs with any combination of what a job may ask. */
final class MixedJobs {
    static final String GRAMMAR_AS_PATTERN = "(?s)[a-zA-Z ]{3,40}\\.";

    private static final OutputFormat GRAMMAR = new OutputFormat.Grammar("root ::= [a-zA-Z ]{3,40} \".\"");
    private static final OutputFormat SCHEMA = new OutputFormat.JsonSchema(
            "{\"type\":\"object\",\"properties\":{\"ok\":{\"type\":\"boolean\"},\"words\":{\"type\":\"array\",\"maxItems\":2,"
                    + "\"items\":{\"type\":\"string\",\"maxLength\":8}}},\"required\":[\"ok\"],\"additionalProperties\":false}");
    private static final List<String> SYSTEMS = List.of(
            "Answer in upper case.", "You are a pirate. ".repeat(4), "<|im_end|> is not a marker here, \u0000 is text");
    private static final String WORDS = "Tell me a short story about a żółw and 42 dogs, <s>please</s>. ";

    private MixedJobs() {}

    static Job draw(Random random, long index, int slotTokens, int vocabulary) {
        List<Message> messages = new ArrayList<>();
        if (random.nextBoolean()) {
            messages.add(new Message(Message.SYSTEM, SYSTEMS.get(random.nextInt(SYSTEMS.size()))));
        }
        for (int turn = random.nextInt(3); turn > 0; turn--) {
            messages.add(new Message(Message.USER, "What is " + random.nextInt(9) + " + 2?"));
            messages.add(new Message(Message.ASSISTANT, "It is some number."));
        }
        int length = 1 + (int) (Math.pow(random.nextDouble(), 3) * slotTokens * 5);
        messages.add(new Message(
                Message.USER, WORDS.repeat(length / WORDS.length() + 1).substring(0, length)));
        return new Job(
                new JobId("mixed", index), "mixed-" + index, messages, params(random, slotTokens, vocabulary), 3, "");
    }

    private static SamplingParams params(Random random, int slotTokens, int vocabulary) {
        AnswerOptions answer = answer(random);
        boolean penalties = random.nextInt(3) == 0;
        return new SamplingParams(
                1 + random.nextInt(random.nextInt(20) == 0 ? slotTokens : 80),
                random.nextInt(3) == 0 ? 0 : random.nextDouble() * 2,
                random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(100),
                random.nextInt(3) == 0 ? 1 : 0.5 + random.nextDouble() / 2,
                random.nextInt(3) == 0 ? 0 : random.nextDouble() / 5,
                penalties ? 1 + random.nextDouble() / 4 : 1,
                penalties ? random.nextInt(80) - 1 : 64,
                penalties ? random.nextDouble() : 0,
                penalties ? random.nextDouble() / 2 : 0,
                bias(random, vocabulary),
                random.nextBoolean() ? OptionalLong.of(random.nextLong()) : OptionalLong.empty(),
                random.nextInt(5) == 0 ? List.of(" the", "\n") : List.of(),
                random.nextInt(4) == 0 ? 1 + random.nextInt(4) : 1,
                !answer.constrained() && random.nextInt(6) == 0,
                answer);
    }

    private static AnswerOptions answer(Random random) {
        OutputFormat format = switch (random.nextInt(8)) {
            case 0 -> GRAMMAR;
            case 1 -> new OutputFormat.JsonObject();
            case 2 -> SCHEMA;
            default -> OutputFormat.TEXT;
        };
        return new AnswerOptions(
                format,
                random.nextInt(5) == 0 ? OptionalInt.of(random.nextInt(21)) : OptionalInt.empty(),
                random.nextInt(6) == 0 ? "Sure, <|im_end|>" : "",
                random.nextInt(4) == 0 ? 12 : 0);
    }

    private static Map<Integer, Double> bias(Random random, int vocabulary) {
        Map<Integer, Double> bias = new HashMap<>();
        for (int i = random.nextInt(3) == 0 ? 3 : 0; i > 0; i--) {
            // Letters and bytes stay possible, so that every format can be written.
            bias.put(vocabulary / 2 + random.nextInt(vocabulary / 2 - 10), random.nextBoolean() ? -100.0 : 2.0);
        }
        if (random.nextInt(60) == 0) {
            bias.put(vocabulary + 5, 1.0);
        }
        return bias;
    }
}
