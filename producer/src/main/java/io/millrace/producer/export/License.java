package io.millrace.producer.export;

import java.util.Locale;
import java.util.Optional;

/**
 * What the model's licence means for a dataset of its outputs.
 *
 * <p>Immutable.
 *
 * @param id as the Hugging Face hub names it
 */
record License(String id, String note) {

    /** The user's word counts; else a model's name may tell its family. */
    static License of(String model, Optional<String> given) {
        if (given.isPresent()) {
            return new License(given.get(), "The licence was given by whoever made the dataset.");
        }
        String name = model.toLowerCase(Locale.ROOT);
        if (name.contains("llama-2") || name.contains("llama2") || name.contains("codellama")) {
            return new License(
                    "llama2",
                    "The model's name says that it comes from Llama 2. The Llama 2 Community License binds what is made of"
                            + " its outputs: they may not be used to improve any other large language model than Llama 2"
                            + " and its derivatives, and the acceptable use policy applies.");
        }
        if (name.startsWith("tiny-chatml")) {
            return new License("apache-2.0", "The model that is bundled with Millrace is under Apache-2.0.");
        }
        return new License(
                "other",
                "The licence of this model is not known to Millrace. It may bind what is made of the model's outputs:"
                        + " read it, and name a licence by --license, before the dataset is published.");
    }
}
