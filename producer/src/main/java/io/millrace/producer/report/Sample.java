package io.millrace.producer.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * One completion.
 *
 * <p>Immutable.
 *
 * @param index among the samples of its job
 * @param text without an end marker
 * @param ending the end marker that stood in the text, or nothing
 * @param finishReason as OpenAI names it; {@link #UNKNOWN} where nothing tells
 * @param tokens none where nobody counted
 * @param scores by scorer, only those it has
 */
public record Sample(
        int index,
        String text,
        String ending,
        String finishReason,
        OptionalLong tokens,
        Map<String, ScoredSample> scores) {
    public static final String STOP = "stop";
    public static final String LENGTH = "length";
    public static final String UNKNOWN = "unknown";

    public Sample {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(ending, "ending");
        Objects.requireNonNull(finishReason, "finishReason");
        Objects.requireNonNull(tokens, "tokens");
        scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
    }

    /** Characters, a pair of surrogates being one. */
    public int characters() {
        return text.codePointCount(0, text.length());
    }
}
