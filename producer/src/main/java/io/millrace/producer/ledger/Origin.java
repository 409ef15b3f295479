package io.millrace.producer.ledger;

import io.millrace.job.Provenance;

/**
 * What made results of a run, whichever worker it was. A run with more than one was answered by different models or
 * builds.
 *
 * <p>Immutable.
 */
public record Origin(String model, String modelSha256, String quantization, String template, String engine) {

    public static Origin of(Provenance provenance) {
        return new Origin(
                provenance.model(),
                provenance.modelSha256(),
                provenance.quantization(),
                provenance.template(),
                provenance.engine());
    }
}
