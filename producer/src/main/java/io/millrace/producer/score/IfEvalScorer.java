package io.millrace.producer.score;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * IFEval's verifiable instructions: the task's {@code instruction_id_list} with {@code kwargs} for each. The score is the
 * share of instructions that are followed, of those that plain code can verify; one that takes a language detector or a
 * JSON parser is left to others, and a task with nothing but such has no score.
 *
 * <p>Immutable.
 */
public final class IfEvalScorer implements Scorer {
    private final Predicate<String> isJson;

    /** @param isJson whether a text is JSON */
    public IfEvalScorer(Predicate<String> isJson) {
        this.isJson = isJson;
    }

    @Override
    public Optional<Score> score(Sample sample) {
        List<?> ids = sample.list("instruction_id_list");
        List<?> kwargs = sample.list("kwargs");
        int followed = 0;
        int verified = 0;
        List<String> broken = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i).toString();
            Map<String, Object> arguments = new HashMap<>();
            if (i < kwargs.size() && kwargs.get(i) instanceof Map<?, ?> given) {
                given.forEach((name, value) -> arguments.put(name.toString(), value));
            }
            Optional<Boolean> follows = id.equals("detectable_format:json_format")
                    ? Optional.of(isJson.test(sample.text()))
                    : new Instruction(id, arguments).followedBy(sample.text());
            if (follows.isPresent()) {
                verified++;
                followed += follows.get() ? 1 : 0;
                if (!follows.get()) {
                    broken.add(id);
                }
            }
        }
        if (verified == 0) {
            return Optional.empty();
        }
        String detail = followed + " of " + verified + " followed"
                + (broken.isEmpty() ? "" : "; not " + String.join(", ", broken))
                + (verified < ids.size() ? "; " + (ids.size() - verified) + " not verifiable here" : "");
        return Optional.of(new Score((double) followed / verified, detail));
    }
}
