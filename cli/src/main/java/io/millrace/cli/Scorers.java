package io.millrace.cli;

import io.millrace.producer.jsonschema.JsonSchemaScorer;
import io.millrace.producer.jsonschema.JsonScorer;
import io.millrace.producer.score.ChoiceScorer;
import io.millrace.producer.score.IfEvalScorer;
import io.millrace.producer.score.NumberScorer;
import io.millrace.producer.score.Reference;
import io.millrace.producer.score.RefusalScorer;
import io.millrace.producer.score.RegexScorer;
import io.millrace.producer.score.Scorer;
import io.millrace.producer.score.TextScorer;
import io.millrace.producer.score.TextScorer.Comparison;
import io.millrace.producer.sweep.RunScorer;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The scorers by their names: {@code NAME}, or {@code NAME:FIELD} with the task's field to compare with. Thread-safe. */
final class Scorers {
    static final String NAMES =
            "exact, normalised, contains, regex, number, choice, refusal, json, json_schema, ifeval, code";

    private Scorers() {}

    /** In their order, each once. */
    static Map<String, RunScorer> of(List<String> names, ScoringFlags flags, PrintWriter err) throws IOException {
        Map<String, RunScorer> scorers = new LinkedHashMap<>();
        for (String name : names) {
            scorers.put(name, RunScorer.of(name.equals("code") ? flags.code(err) : of(name)));
        }
        return scorers;
    }

    private static Scorer of(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        Optional<String> field = colon < 0 ? Optional.empty() : Optional.of(text.substring(colon + 1));
        if (field.isPresent() && field.get().isBlank()) {
            throw new UserError("scorer '" + text + "' must have a field's name behind the colon, as in number:answer");
        }
        Reference reference = field.map(Reference::in).orElse(Reference.USUAL);
        return switch (name) {
            case "exact" -> new TextScorer(Comparison.EXACT, reference);
            case "normalised", "normalized" -> new TextScorer(Comparison.NORMALISED, reference);
            case "contains" -> new TextScorer(Comparison.CONTAINS, reference);
            case "regex" ->
                new RegexScorer(field.map(Reference::in).orElse(new Reference(List.of("regex", "pattern"))));
            case "number" -> new NumberScorer(reference);
            case "choice" -> new ChoiceScorer(reference);
            case "refusal" -> new RefusalScorer(field.map(Reference::in));
            case "json" -> new JsonScorer();
            case "json_schema" -> new JsonSchemaScorer(field.map(List::of).orElse(List.of("json_schema", "schema")));
            case "ifeval" -> new IfEvalScorer(JsonScorer::isJson);
            default -> throw new UserError("there is no scorer '" + name + "'; there are " + NAMES);
        };
    }
}
