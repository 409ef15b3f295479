package io.millrace.producer.export;

import io.millrace.producer.files.OutputException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What {@code --to} names: the rows and the files that hold them. */
public enum Target {
    /** OpenAI batch output lines, as the run has them. */
    OPENAI("jsonl", true),
    /** TRL's conversational rows. */
    MESSAGES_JSONL("jsonl", true),
    MESSAGES_PARQUET("parquet", true),
    /** TRL's prompt-completion rows. */
    PROMPT_COMPLETION_JSONL("jsonl", true),
    PROMPT_COMPLETION_PARQUET("parquet", true),
    /** TRL's preference pairs, of n samples and their scores. */
    PREFERENCE_JSONL("jsonl", true),
    PREFERENCE_PARQUET("parquet", true),
    /** FastChat's JSON array. */
    SHAREGPT("json", true),
    /** Alpaca's JSON array with LLaMA-Factory's system and history. */
    ALPACA("json", true),
    /** OASST message trees with the samples as synthetic replies. */
    OASST_TREE("jsonl", true),
    /** Samples for HumanEval's evaluate_functional_correctness. */
    HUMANEVAL("jsonl", false),
    /** Responses for IFEval's evaluation_main. */
    IFEVAL("jsonl", false),
    CSV("csv", true),
    /** The samples' texts, each ended by a line {@code <|endoftext|>}. */
    TEXT("txt", true);

    private static final String OASST_ALSO = "oasst";

    private final String extension;
    private final boolean dataset;

    Target(String extension, boolean dataset) {
        this.extension = extension;
        this.dataset = dataset;
    }

    /** @throws OutputException naming all of them when there is none of this name */
    public static Target of(String option) {
        if (option.equalsIgnoreCase(OASST_ALSO)) {
            return OASST_TREE;
        }
        for (Target target : values()) {
            if (target.toString().equals(option.toLowerCase(Locale.ROOT))) {
                return target;
            }
        }
        throw new OutputException("--to " + option + ": is no format; there are "
                + Arrays.stream(values()).map(Target::toString).collect(Collectors.joining(", ")));
    }

    String extension() {
        return extension;
    }

    /** Whether it has splits, shards and a card; the others are one file for an evaluator. */
    boolean dataset() {
        return dataset;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
