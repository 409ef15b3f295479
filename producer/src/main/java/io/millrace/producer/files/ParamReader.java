package io.millrace.producer.files;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.producer.plan.ParamPatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Gathers the sampling parameters of one body, under OpenAI's and llama.cpp's names.
 *
 * <p>Confined to the reading thread.
 */
final class ParamReader {
    private OptionalInt maxTokens;
    private OptionalDouble temperature;
    private OptionalInt topK;
    private OptionalDouble topP;
    private OptionalDouble minP;
    private OptionalDouble repeatPenalty;
    private OptionalInt repeatLastN;
    private OptionalDouble presencePenalty;
    private OptionalDouble frequencyPenalty;
    private Optional<Map<Integer, Double>> logitBias;
    private OptionalLong seed;
    private Optional<List<String>> stop;
    private OptionalInt n;
    private Optional<Boolean> ignoreEos;
    private final AnswerReader answer = new AnswerReader();
    private boolean any;

    ParamReader() {
        clear();
    }

    void clear() {
        maxTokens = OptionalInt.empty();
        temperature = OptionalDouble.empty();
        topK = OptionalInt.empty();
        topP = OptionalDouble.empty();
        minP = OptionalDouble.empty();
        repeatPenalty = OptionalDouble.empty();
        repeatLastN = OptionalInt.empty();
        presencePenalty = OptionalDouble.empty();
        frequencyPenalty = OptionalDouble.empty();
        logitBias = Optional.empty();
        seed = OptionalLong.empty();
        stop = Optional.empty();
        n = OptionalInt.empty();
        ignoreEos = Optional.empty();
        answer.clear();
        any = false;
    }

    /** Whether the field is a parameter. */
    boolean read(String field, JsonParser parser) throws IOException, LineException {
        switch (field) {
            case "max_tokens", "max_completion_tokens" -> maxTokens(field, parser);
            case "temperature" -> temperature = OptionalDouble.of(Values.number(parser, field));
            case "top_k" -> topK = OptionalInt.of(Values.smallInteger(parser, field));
            case "top_p" -> topP = OptionalDouble.of(Values.number(parser, field));
            case "min_p" -> minP = OptionalDouble.of(Values.number(parser, field));
            case "repeat_penalty" -> repeatPenalty = OptionalDouble.of(Values.number(parser, field));
            case "repeat_last_n" -> repeatLastN = OptionalInt.of(Values.smallInteger(parser, field));
            case "presence_penalty" -> presencePenalty = OptionalDouble.of(Values.number(parser, field));
            case "frequency_penalty" -> frequencyPenalty = OptionalDouble.of(Values.number(parser, field));
            case "logit_bias" -> logitBias = Optional.of(logitBias(parser));
            case "seed" -> seed = OptionalLong.of(Values.integer(parser, field));
            case "stop" -> stop = Optional.of(stop(parser));
            case "n" -> n = OptionalInt.of(Values.smallInteger(parser, field));
            case "ignore_eos" -> ignoreEos = Optional.of(Values.flag(parser, field));
            default -> {
                if (!answer.read(field, parser)) {
                    return false;
                }
            }
        }
        any = true;
        return true;
    }

    private void maxTokens(String field, JsonParser parser) throws IOException, LineException {
        int value = Values.smallInteger(parser, field);
        if (maxTokens.isPresent() && maxTokens.getAsInt() != value) {
            throw new LineException(
                    field,
                    "is " + value + ", and max_tokens and max_completion_tokens say the same thing: give one of them");
        }
        maxTokens = OptionalInt.of(value);
    }

    private static List<String> stop(JsonParser parser) throws IOException, LineException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            return List.of(Values.text(parser, "stop"));
        }
        List<String> texts = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            texts.add(Values.text(parser, "stop[" + texts.size() + "]"));
        }
        return texts;
    }

    private static Map<Integer, Double> logitBias(JsonParser parser) throws IOException, LineException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new LineException("logit_bias", "must map token ids to numbers, not be " + Values.shown(parser));
        }
        Map<Integer, Double> bias = new HashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String id = parser.currentName();
            if (!id.matches("[0-9]{1,9}")) {
                throw new LineException("logit_bias", "must map token ids to numbers; '" + id + "' is no token id");
            }
            parser.nextToken();
            bias.put(Integer.valueOf(id), Values.number(parser, "logit_bias." + id));
        }
        return bias;
    }

    ParamPatch patch() {
        if (!any) {
            return ParamPatch.NONE;
        }
        return new ParamPatch(
                maxTokens,
                temperature,
                topK,
                topP,
                minP,
                repeatPenalty,
                repeatLastN,
                presencePenalty,
                frequencyPenalty,
                logitBias,
                seed,
                stop,
                n,
                ignoreEos,
                answer.patch());
    }
}
