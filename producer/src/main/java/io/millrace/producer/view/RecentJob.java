package io.millrace.producer.view;

import io.millrace.job.Choice;
import io.millrace.job.FailureKind;
import io.millrace.job.JobResult;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * A result that came lately, in few words.
 *
 * <p>Immutable.
 *
 * @param ending how its samples ended, or the kind of its failure
 * @param seconds from the engine's taking it to its end; a failure does not say
 * @param content the beginning of what the model wrote, or why the job failed, as far as it is to be shown
 */
public record RecentJob(
        String jobId,
        String customId,
        String worker,
        boolean failed,
        String ending,
        long promptTokens,
        long completionTokens,
        OptionalDouble seconds,
        long createdEpochSeconds,
        Optional<String> content) {
    /** More of a text is not kept. */
    static final int MOST_CHARACTERS = 600;

    public RecentJob {
        Objects.requireNonNull(jobId, "jobId");
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(seconds, "seconds");
    }

    /** @param showContent whether texts of models, and reasons that may quote a prompt, are kept */
    static RecentJob of(JobResult result, boolean showContent) {
        if (result instanceof JobResult.Completed completed) {
            return new RecentJob(
                    completed.id().toString(),
                    cut(completed.customId()),
                    completed.provenance().worker(),
                    false,
                    completed.choices().stream()
                            .map(choice -> choice.finishReason().wireName())
                            .distinct()
                            .collect(Collectors.joining(", ")),
                    completed.usage().promptTokens(),
                    completed.usage().completionTokens(),
                    OptionalDouble.of((completed.timings().queueMillis()
                                    + completed.timings().promptMillis()
                                    + completed.timings().generationMillis())
                            / 1000),
                    completed.createdEpochSeconds(),
                    showContent
                            ? completed.choices().stream()
                                    .map(Choice::text)
                                    .findFirst()
                                    .map(RecentJob::cut)
                            : Optional.empty());
        }
        JobResult.Failed failed = (JobResult.Failed) result;
        // The reason of an invalid job may quote one of its fields; all others have numbers and names.
        boolean show = showContent || failed.kind() != FailureKind.INVALID_JOB;
        return new RecentJob(
                failed.id().toString(),
                cut(failed.customId()),
                failed.provenance().worker(),
                true,
                failed.kind().name(),
                0,
                0,
                OptionalDouble.empty(),
                failed.createdEpochSeconds(),
                show ? Optional.of(cut(failed.message())) : Optional.empty());
    }

    private static String cut(String text) {
        if (text.length() <= MOST_CHARACTERS) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MOST_CHARACTERS - 1)) ? MOST_CHARACTERS - 1 : MOST_CHARACTERS;
        return text.substring(0, end) + "\u2026";
    }
}
