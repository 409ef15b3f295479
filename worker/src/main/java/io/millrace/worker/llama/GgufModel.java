package io.millrace.worker.llama;

import io.millrace.llamacpp.Llama;
import io.millrace.llamacpp.llama_model;
import io.millrace.llamacpp.llama_model_params;
import io.millrace.llamacpp.llama_vocab;
import io.millrace.worker.decode.EngineException;
import io.millrace.worker.gguf.GgufException;
import io.millrace.worker.gguf.GgufHeader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;

/**
 * A GGUF file loaded by llama.cpp: weights, vocabulary and metadata. Whatever uses it must be closed before.
 *
 * <p>Thread-safe for reading; closed by its owner.
 */
public final class GgufModel implements AutoCloseable {
    /** llama.cpp's, where the file does not say. */
    private static final double DEFAULT_ROPE_BASE = 10_000;

    private final llama_model model;
    private final Path file;

    private GgufModel(llama_model model, Path file) {
        this.model = model;
        this.file = file;
    }

    /**
     * Loads weights and vocabulary.
     *
     * @param gpuLayers -1: all
     * @throws EngineException when the file is not there or llama.cpp refuses it
     */
    public static GgufModel load(Path file, int gpuLayers, int mainGpu, NativeRuntime runtime) {
        if (runtime.gpus() > 0 && gpuLayers != 0 && mainGpu >= runtime.gpus()) {
            throw new EngineException(
                    "there is no GPU " + mainGpu + "; the backends found " + runtime.gpus() + ", counted from 0");
        }
        llama_model_params params =
                Llama.llama_model_default_params().n_gpu_layers(gpuLayers).main_gpu(mainGpu);
        if (runtime.gpus() > 0) {
            // One engine, one GPU: layers spread over several wait for each other.
            params.split_mode(Llama.LLAMA_SPLIT_MODE_NONE);
        }
        return load(file, params, runtime);
    }

    /** Loads the vocabulary alone: enough to tokenise. */
    public static GgufModel loadVocabulary(Path file, NativeRuntime runtime) {
        return load(file, Llama.llama_model_default_params().vocab_only(true), runtime);
    }

    private static GgufModel load(Path file, llama_model_params params, NativeRuntime runtime) {
        check(file, "model", "--model");
        runtime.log().takeComplaints();
        llama_model model = Llama.llama_model_load_from_file(file.toString(), params);
        if (model == null || model.isNull()) {
            throw new EngineException("llama.cpp cannot load the model file " + file
                    + "; it may be cut short (download it again) or need a newer llama.cpp."
                    + runtime.log().takeComplaints());
        }
        return new GgufModel(model, file);
    }

    static void check(Path file, String what, String flag) {
        if (!Files.isRegularFile(file)) {
            throw new EngineException("there is no " + what + " file " + file + "; name a GGUF file with " + flag);
        }
        try {
            GgufHeader.read(file);
        } catch (GgufException e) {
            throw new EngineException(
                    "the " + what + " file " + file + " cannot be used: " + e.getMessage() + "; name a GGUF file with "
                            + flag,
                    e);
        } catch (IOException e) {
            throw new EngineException("cannot read the " + what + " file " + file + ": " + e.getMessage(), e);
        }
    }

    llama_model handle() {
        return model;
    }

    llama_vocab vocabulary() {
        return Llama.llama_model_get_vocab(model);
    }

    Path file() {
        return file;
    }

    /** Such as {@code llama 13B Q4_K - Medium}. */
    String description() {
        byte[] text = new byte[256];
        int length = Llama.llama_model_desc(model, text, text.length);
        return new String(text, 0, Math.min(length, text.length - 1), StandardCharsets.UTF_8);
    }

    /** Such as {@code Q8_0}. */
    String quantization() {
        return Llama.llama_ftype_name(Llama.llama_model_ftype(model)).getString();
    }

    long parameters() {
        return Llama.llama_model_n_params(model);
    }

    long bytes() {
        return Llama.llama_model_size(model);
    }

    int trainedContextTokens() {
        return Llama.llama_model_n_ctx_train(model);
    }

    /** The template in the file, whether or not llama.cpp can apply it. */
    Optional<String> chatTemplate() {
        BytePointer text = Llama.llama_model_chat_template(model, (BytePointer) null);
        return text == null || text.isNull() ? Optional.empty() : Optional.of(text.getString(StandardCharsets.UTF_8));
    }

    /** The file's own template where its vocabulary has no ChatML and llama.cpp knows the template. */
    Optional<GgufTemplate> template(Vocabulary from) {
        return from.hasChatMl()
                ? Optional.empty()
                : chatTemplate().flatMap(text -> GgufTemplate.of(text, from.specials(), from.begin()));
    }

    int layers() {
        return Llama.llama_model_n_layer(model);
    }

    /** Numbers of a token's key and value in one layer. */
    long kvNumbersPerLayer() {
        long headWidth = Llama.llama_model_n_embd(model) / Math.max(1, Llama.llama_model_n_head(model));
        long key = number("attention.key_length").map(Double::longValue).orElse(headWidth);
        long value = number("attention.value_length").map(Double::longValue).orElse(headWidth);
        return (key + value) * Llama.llama_model_n_head_kv(model);
    }

    /**
     * Numbers of a token's keys and values in all layers by the file's metadata: llama.cpp itself ends the process when
     * it is asked for the layers of a model of which only the vocabulary is loaded.
     */
    long kvNumbersByMetadata() {
        double heads = number("attention.head_count").orElse(1.0);
        double headWidth = number("embedding_length").orElse(0.0) / Math.max(1, heads);
        double key = number("attention.key_length").orElse(headWidth);
        double value = number("attention.value_length").orElse(headWidth);
        return Math.round((key + value)
                * number("attention.head_count_kv").orElse(heads)
                * number("block_count").orElse(0.0));
    }

    /** Such as {@code llama Q8_0}. */
    String descriptionByMetadata() {
        String architecture = text("general.architecture").orElse("unknown architecture");
        return architecture
                + text("general.file_type")
                        .map(type -> " "
                                + Llama.llama_ftype_name(Integer.parseInt(type)).getString())
                        .orElse("");
    }

    int trainedContextByMetadata() {
        return number("context_length").map(Double::intValue).orElse(0);
    }

    /** RoPE theta; 0 where the model has no RoPE. */
    double ropeFreqBase() {
        if (Llama.llama_model_rope_type(model) == Llama.LLAMA_ROPE_TYPE_NONE) {
            return 0;
        }
        return number("rope.freq_base").orElse(DEFAULT_ROPE_BASE);
    }

    /** Whether sequences can be cut and copied as the engine does. */
    boolean keepsPositions() {
        return Llama.llama_model_has_decoder(model)
                && !Llama.llama_model_has_encoder(model)
                && !Llama.llama_model_is_recurrent(model)
                && !Llama.llama_model_is_hybrid(model)
                && !Llama.llama_model_is_diffusion(model);
    }

    /** A number of this architecture's metadata. */
    private Optional<Double> number(String key) {
        return text("general.architecture")
                .flatMap(architecture -> text(architecture + "." + key))
                .map(Double::valueOf);
    }

    Optional<String> text(String key) {
        byte[] value = new byte[1024];
        int length = Llama.llama_model_meta_val_str(model, key, value, value.length);
        return length < 0
                ? Optional.empty()
                : Optional.of(new String(value, 0, Math.min(length, value.length - 1), StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        Llama.llama_model_free(model);
    }
}
