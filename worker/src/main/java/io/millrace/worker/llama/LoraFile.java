package io.millrace.worker.llama;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A LoRA adapter in a GGUF file, as llama.cpp's {@code convert_lora_to_gguf.py} makes it.
 *
 * <p>Immutable.
 *
 * @param name what jobs call it
 * @param scale what its alpha is multiplied with
 */
public record LoraFile(String name, Path file, float scale) {
    public LoraFile {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(file, "file");
        if (name.isEmpty() || !Float.isFinite(scale)) {
            throw new IllegalArgumentException("adapter '" + name + "' of scale " + scale + " cannot be used");
        }
    }
}
