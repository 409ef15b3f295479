package io.millrace.cli;

import io.millrace.producer.export.ExportOptions.FilterOptions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Option;

/** Which samples a dataset is to have. */
final class FilterFlags {

    @Option(
            names = "--finish-reason",
            split = ",",
            paramLabel = "REASON",
            description = "Keep samples that ended so: stop, length (several with commas).")
    private List<String> finishReasons;

    @Option(names = "--min-chars", paramLabel = "N", description = "Keep samples of at least N characters.")
    private Long minCharacters;

    @Option(names = "--max-chars", paramLabel = "N", description = "Keep samples of at most N characters.")
    private Long maxCharacters;

    @Option(names = "--min-tokens", paramLabel = "N", description = "Keep samples of at least N tokens.")
    private Long minTokens;

    @Option(names = "--max-tokens", paramLabel = "N", description = "Keep samples of at most N tokens.")
    private Long maxTokens;

    @Option(names = "--keep-regex", paramLabel = "REGEX", description = "Keep samples in which this is found.")
    private String keep;

    @Option(names = "--drop-regex", paramLabel = "REGEX", description = "Drop samples in which this is found.")
    private String drop;

    @Option(names = "--drop-refusals", description = "Drop samples that start like a refusal (English only).")
    private boolean dropRefusals;

    @Option(names = "--drop-duplicates", description = "Drop samples whose prompt and text an earlier one has.")
    private boolean dropDuplicates;

    @Option(
            names = "--drop-near-duplicates",
            arity = "0..1",
            fallbackValue = "0.8",
            paramLabel = "SIMILARITY",
            description = "Drop samples that with their last prompt are nearly an earlier one: MinHash over word"
                    + " 5-grams (default similarity: ${FALLBACK-VALUE}).")
    private Double nearDuplicates;

    FilterOptions options() {
        return new FilterOptions(
                finishReasons == null ? Set.of() : Set.copyOf(finishReasons),
                optional(minCharacters),
                optional(maxCharacters),
                optional(minTokens),
                optional(maxTokens),
                pattern("--keep-regex", keep),
                pattern("--drop-regex", drop),
                dropRefusals,
                dropDuplicates,
                nearDuplicates == null ? OptionalDouble.empty() : OptionalDouble.of(nearDuplicates));
    }

    private static OptionalLong optional(Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private static Optional<Pattern> pattern(String option, String regex) {
        if (regex == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Pattern.compile(regex));
        } catch (PatternSyntaxException e) {
            throw new UserError(option + ": is not a regular expression of Java's: " + e.getDescription()
                    + " at character " + (e.getIndex() + 1));
        }
    }
}
