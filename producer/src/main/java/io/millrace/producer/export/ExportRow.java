package io.millrace.producer.export;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.job.Message;
import java.util.List;

/**
 * An answered job of a run.
 *
 * <p>Immutable; nobody changes the line.
 *
 * @param index of the job in its run
 * @param messages the prompt as it was submitted, the run's system message included; empty where it is not known
 * @param line the job's line of results.jsonl
 */
public record ExportRow(
        long index,
        String customId,
        List<Message> messages,
        List<Completion> completions,
        String model,
        JsonNode metadata,
        JsonNode line) {

    public ExportRow {
        messages = List.copyOf(messages);
        completions = List.copyOf(completions);
    }

    /** The same job with some of its samples. */
    ExportRow with(List<Completion> some) {
        return new ExportRow(index, customId, messages, some, model, metadata, line);
    }

    /** The text that the model was to answer: the last turn. */
    String lastPrompt() {
        return messages.isEmpty() ? "" : messages.get(messages.size() - 1).content();
    }

    /** The name of a sample: that of the job, and where it has several, the sample's index behind it. */
    String sampleId(Completion completion) {
        int samples = line.path("response").path("body").path("choices").size();
        return samples == 1 ? customId : customId + "#" + completion.index();
    }

    /** The metadata as JSON text, so that a column of it has one type whatever the rows hold. */
    String metadataText() {
        return metadata.isMissingNode() ? "{}" : metadata.toString();
    }
}
