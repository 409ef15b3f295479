package io.millrace.producer.export;

import io.millrace.producer.files.OutputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the user asks of a dataset.
 *
 * <p>Immutable.
 *
 * @param target rows and files
 * @param validation the part of the source rows that goes into the validation split, from 0 to below 1
 * @param splitBy the column of the input whose equal values stay in one split; without one each source row stands alone
 * @param shardRows the most rows of a file
 * @param scores of samples, for preference pairs
 * @param filters which samples to keep
 * @param license for the card, where the model's name does not say
 * @param languages for the card
 */
public record ExportOptions(
        Target target,
        double validation,
        Optional<String> splitBy,
        long shardRows,
        Optional<ScoreFile> scores,
        FilterOptions filters,
        Optional<String> license,
        List<String> languages) {

    public ExportOptions {
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(splitBy, "splitBy");
        Objects.requireNonNull(filters, "filters");
        Objects.requireNonNull(license, "license");
        languages = List.copyOf(languages);
        if (!(validation >= 0 && validation < 1)) {
            throw new OutputException("--validation must be from 0 to below 1, not " + validation);
        }
        if (validation > 0 && !target.dataset()) {
            throw new OutputException("--to " + target + " writes one file for an evaluator; leave --validation out");
        }
        if (shardRows < 1) {
            throw new OutputException("--shard-rows must be at least 1, not " + shardRows);
        }
        license.filter(id -> !id.matches("[A-Za-z0-9.-]+")).ifPresent(id -> {
            throw new OutputException(
                    "--license must be an identifier such as cc-by-4.0, as the Hugging Face hub lists them, not '" + id
                            + "'");
        });
        boolean preference = target == Target.PREFERENCE_JSONL || target == Target.PREFERENCE_PARQUET;
        if (preference && scores.isEmpty()) {
            throw new OutputException("--to " + target
                    + " needs --scores FILE with a line {\"custom_id\", \"sample\", \"score\"} a sample");
        }
    }

    /**
     * Which samples to keep.
     *
     * <p>Immutable.
     *
     * @param finishReasons empty for all
     * @param nearDuplicates the similarity from which on a sample is a duplicate
     */
    public record FilterOptions(
            Set<String> finishReasons,
            OptionalLong minCharacters,
            OptionalLong maxCharacters,
            OptionalLong minTokens,
            OptionalLong maxTokens,
            Optional<Pattern> keep,
            Optional<Pattern> drop,
            boolean dropRefusals,
            boolean dropDuplicates,
            OptionalDouble nearDuplicates) {

        /** Keeps all. */
        public static final FilterOptions NONE = new FilterOptions(
                Set.of(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                OptionalDouble.empty());

        public FilterOptions {
            finishReasons = Set.copyOf(finishReasons);
            if (nearDuplicates.isPresent()
                    && !(nearDuplicates.getAsDouble() > 0 && nearDuplicates.getAsDouble() <= 1)) {
                throw new OutputException(
                        "--drop-near-duplicates must be above 0 and at most 1, not " + nearDuplicates.getAsDouble());
            }
        }

        Filters filters() {
            List<Filter> filters = new ArrayList<>();
            if (!finishReasons.isEmpty()) {
                filters.add(TextFilters.finishReasons(finishReasons));
            }
            if (minCharacters.isPresent() || maxCharacters.isPresent()) {
                filters.add(TextFilters.characters(minCharacters.orElse(0), maxCharacters.orElse(Long.MAX_VALUE)));
            }
            if (minTokens.isPresent() || maxTokens.isPresent()) {
                filters.add(TextFilters.tokens(minTokens.orElse(0), maxTokens.orElse(Long.MAX_VALUE)));
            }
            keep.ifPresent(pattern -> filters.add(TextFilters.matching(pattern)));
            drop.ifPresent(pattern -> filters.add(TextFilters.notMatching(pattern)));
            if (dropRefusals) {
                filters.add(TextFilters.notRefusing());
            }
            if (dropDuplicates) {
                filters.add(new ExactDuplicates());
            }
            nearDuplicates.ifPresent(threshold -> filters.add(new NearDuplicates(threshold)));
            return new Filters(filters);
        }
    }
}
