package io.millrace.producer.plan;

import io.millrace.job.InvalidFieldException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * A user's message made of a task: <code>{{prompt}}</code> stands for the task's own, any other name for a field of its
 * metadata.
 *
 * <p>Immutable.
 *
 * @param text as it was written
 * @param texts what stands before, between and behind the fields; one more than those
 * @param fields names, in order
 */
public record PromptTemplate(String text, List<String> texts, List<String> fields) {
    /** The name that stands for the task's last message of the user. */
    public static final String PROMPT = "prompt";

    public PromptTemplate {
        Objects.requireNonNull(text, "text");
        texts = List.copyOf(texts);
        fields = List.copyOf(fields);
    }

    /** @throws InvalidFieldException when braces do not match or nothing of the task is named */
    public static PromptTemplate of(String text) {
        List<String> texts = new ArrayList<>();
        List<String> fields = new ArrayList<>();
        int at = 0;
        for (int open = text.indexOf("{{"); open >= 0; open = text.indexOf("{{", at)) {
            int close = text.indexOf("}}", open);
            String field = close < 0 ? "" : text.substring(open + 2, close).strip();
            if (field.isEmpty()) {
                throw new InvalidFieldException(
                        "template", shown(text), "must have a name and '}}' behind each '{{', as in {{prompt}}");
            }
            texts.add(text.substring(at, open));
            fields.add(field);
            at = close + 2;
        }
        if (fields.isEmpty()) {
            throw new InvalidFieldException(
                    "template", shown(text), "must name a field, as in {{prompt}}, or all prompts would be alike");
        }
        texts.add(text.substring(at));
        return new PromptTemplate(text, texts, fields);
    }

    /** The text with a value for each field. */
    public String fill(UnaryOperator<String> value) {
        StringBuilder filled = new StringBuilder(texts.get(0));
        for (int i = 0; i < fields.size(); i++) {
            filled.append(value.apply(fields.get(i))).append(texts.get(i + 1));
        }
        return filled.toString();
    }

    private static String shown(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }
}
