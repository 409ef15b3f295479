package io.millrace.worker.llama;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a model file says of itself, read without its weights.
 *
 * <p>Immutable.
 *
 * @param description architecture and quantisation, such as {@code llama Q8_0}
 * @param fileBytes its size
 * @param trainedContextTokens the context it was trained with
 * @param ropeFreqBase RoPE theta, or 0 where the model has none
 * @param kvBytesPerToken keys and values of a token in F16
 * @param chatMl whether the vocabulary has the tokens of ChatML
 * @param keepsPositions whether Millrace can run it: a decoder whose cache can be cut at a position
 */
public record ModelFile(
        String description,
        long fileBytes,
        int trainedContextTokens,
        double ropeFreqBase,
        long kvBytesPerToken,
        boolean chatMl,
        boolean keepsPositions) {

    /** @throws io.millrace.worker.decode.EngineException when it is not there or no model that llama.cpp can read */
    public static ModelFile read(Path file, Optional<Path> backendDir) {
        NativeRuntime runtime = NativeRuntime.load(backendDir);
        try (GgufModel model = GgufModel.loadVocabulary(file, runtime)) {
            Vocabulary vocabulary = new Vocabulary(model.vocabulary());
            return new ModelFile(
                    model.descriptionByMetadata(),
                    file.toFile().length(),
                    model.trainedContextByMetadata(),
                    model.ropeFreqBase(),
                    KvType.F16.bytes(model.kvNumbersByMetadata()),
                    vocabulary.hasChatMl(),
                    model.keepsPositions());
        }
    }
}
