package io.millrace.worker.llama;

import io.millrace.llamacpp.Llama;
import io.millrace.llamacpp.llama_adapter_lora;
import io.millrace.llamacpp.llama_context;
import io.millrace.worker.decode.EngineException;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerPointer;

/**
 * The LoRA adapters loaded over a model. They are freed with it, and they must be there before a context is made, which
 * sizes its graphs by them.
 *
 * <p>Immutable.
 */
final class LoraAdapters {
    private final List<LoraFile> files;
    private final List<llama_adapter_lora> adapters = new ArrayList<>();

    /** @throws EngineException when a file is not there or is no adapter of this model */
    LoraAdapters(List<LoraFile> files, GgufModel model, NativeRuntime runtime) {
        this.files = files;
        for (LoraFile lora : files) {
            GgufModel.check(lora.file(), "LoRA adapter", "--lora-modules");
            runtime.log().takeComplaints();
            llama_adapter_lora adapter =
                    Llama.llama_adapter_lora_init(model.handle(), lora.file().toString());
            if (adapter == null || adapter.isNull()) {
                throw new EngineException("llama.cpp cannot use " + lora.file() + " as LoRA adapter '" + lora.name()
                        + "' of " + model.file() + "; it must be made for this model by llama.cpp's"
                        + " convert_lora_to_gguf.py." + runtime.log().takeComplaints());
            }
            adapters.add(adapter);
        }
    }

    List<String> names() {
        return files.stream().map(LoraFile::name).toList();
    }

    /**
     * Makes a context's next decodes use one adapter.
     *
     * @param adapter counted from 1; 0 for the model alone
     */
    void use(llama_context context, int adapter) {
        int result = adapter == 0
                ? Llama.llama_set_adapters_lora(context, (PointerPointer<?>) null, 0, null)
                : Llama.llama_set_adapters_lora(context, adapters.get(adapter - 1), 1, new float[] {
                    files.get(adapter - 1).scale()
                });
        if (result != 0) {
            throw new EngineException("llama.cpp does not take LoRA adapter "
                    + (adapter == 0 ? "none" : files.get(adapter - 1).name()) + " (code " + result + ")");
        }
    }
}
