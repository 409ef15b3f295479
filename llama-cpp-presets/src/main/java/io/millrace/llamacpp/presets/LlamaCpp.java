package io.millrace.llamacpp.presets;

import org.bytedeco.javacpp.annotation.Platform;
import org.bytedeco.javacpp.annotation.Properties;
import org.bytedeco.javacpp.tools.Info;
import org.bytedeco.javacpp.tools.InfoMap;
import org.bytedeco.javacpp.tools.InfoMapper;

/**
 * How JavaCPP maps llama.cpp v0.5.0 and our own helper header to Java. The generated classes are in {@code
 * io.millrace.llamacpp}, the functions in {@code io.millrace.llamacpp.Llama}.
 *
 * <p>Of ggml only what a user of llama.h needs is mapped; graph operations and tensors are not.
 */
@Properties(
        value =
                @Platform(
                        value = "linux-x86_64",
                        compiler = {"cpp17", "nodeprecated"},
                        define = "STRING_BYTES_CHARSET \"UTF-8\"",
                        include = {"ggml.h", "ggml-backend.h", "ggml-cpu.h", "gguf.h", "llama.h", "millrace.h"},
                        link = {"ggml-base", "ggml.v0.5.0", "llama.v0.5.0", "llama-common"}),
        target = "io.millrace.llamacpp",
        global = "io.millrace.llamacpp.Llama")
public class LlamaCpp implements InfoMapper {

    @Override
    public void map(InfoMap map) {
        dropMacros(map);
        keepLines(map);
        nameHandles(map);
        skip(map);
    }

    private static void dropMacros(InfoMap map) {
        map.put(new Info("LLAMA_API", "GGML_API", "GGML_BACKEND_API", "GGML_RESTRICT")
                .cppTypes()
                .annotations());
        // An empty body leaves deprecated functions out of Java altogether.
        map.put(new Info("DEPRECATED").cppText("#define DEPRECATED(func, hint)").cppTypes());
        map.put(new Info("GGML_DEPRECATED")
                .cppText("#define GGML_DEPRECATED(func, hint) func")
                .cppTypes());
        map.put(new Info("GGML_ATTRIBUTE_FORMAT")
                .cppText("#define GGML_ATTRIBUTE_FORMAT(...)")
                .cppTypes());
    }

    /** Pairs of patterns: from a line that matches the first to one that matches the second. */
    private static void keepLines(InfoMap map) {
        map.put(new Info("ggml.h")
                .linePatterns(
                        "^    enum ggml_type \\{", "^    \\};",
                        "^#define GGML_ROPE_TYPE_.*", "^#define GGML_ROPE_TYPE_IMROPE.*",
                        "^    enum ggml_log_level \\{", "^    \\};",
                        "^    typedef bool \\(\\*ggml_abort_callback\\).*", ".*",
                        "^    typedef void \\(\\*ggml_log_callback\\).*", ".*"));
        map.put(new Info("ggml-cpu.h").linePatterns("^    enum ggml_numa_strategy \\{", "^    \\};"));
        map.put(new Info("ggml-backend.h")
                .linePatterns(
                        "^    typedef struct ggml_backend_buffer_type .*", "^    typedef struct ggml_backend_device .*",
                        "^    enum ggml_backend_dev_type \\{", "^    \\};",
                        "^    GGML_API const char \\* +ggml_backend_dev_name.*",
                                "^    GGML_API ggml_backend_reg_t +ggml_backend_dev_backend_reg.*",
                        "^    GGML_API const char \\* +ggml_backend_reg_name.*",
                                "^    GGML_API void \\* +ggml_backend_reg_get_proc_address.*",
                        "^    GGML_API size_t +ggml_backend_reg_count.*",
                                "^    GGML_API ggml_backend_dev_t ggml_backend_dev_by_type.*",
                        "^    GGML_API ggml_backend_reg_t ggml_backend_load.*",
                                "^    GGML_API void +ggml_backend_load_all_from_path.*"));
    }

    private static void nameHandles(InfoMap map) {
        // typedef struct X * X_t: a value is X's class, a pointer to it a PointerPointer.
        String[][] handles = {
            {"ggml_backend_buffer_type_t", "ggml_backend_buffer_type"},
            {"ggml_backend_buffer_t", "ggml_backend_buffer"},
            {"ggml_backend_event_t", "ggml_backend_event"},
            {"ggml_backend_t", "ggml_backend"},
            {"ggml_backend_reg_t", "ggml_backend_reg"},
            {"ggml_backend_dev_t", "ggml_backend_device"},
            {"llama_memory_t", "llama_memory_i"}
        };
        for (String[] handle : handles) {
            map.put(new Info(handle[0])
                    .valueTypes(handle[1])
                    .pointerTypes("@Cast(\"" + handle[0] + "*\") PointerPointer"));
        }
        map.put(new Info("ggml_backend_sched_eval_callback", "ggml_backend_graph_plan_t", "llama_sampler_context_t")
                .cast()
                .valueTypes("Pointer")
                .pointerTypes("PointerPointer"));
        map.put(new Info("ggml_context", "ggml_tensor", "ggml_cgraph")
                .pointerTypes("Pointer")
                .cast());
        // A function of the same name hides the enum, so casts must say "enum".
        for (String hidden : new String[] {"llama_pooling_type", "llama_vocab_type", "ggml_backend_dev_type"}) {
            map.put(new Info(hidden).valueTypes("@Cast(\"enum " + hidden + "\") int"));
        }
    }

    /** Training, samplers written in Java, and functions of the CPU backend, which is loaded later and not linked. */
    private static void skip(InfoMap map) {
        map.put(new Info(
                        "llama_opt_params",
                        "llama_opt_param_filter",
                        "llama_opt_param_filter_all",
                        "llama_opt_init",
                        "llama_opt_epoch",
                        "llama_model_init_from_user",
                        "llama_model_set_tensor_data_t",
                        "llama_sampler_i",
                        "llama_sampler_init",
                        "llama_sampler_data",
                        "ggml_backend_dev_get_props",
                        "llama_attach_threadpool",
                        "gguf_add_tensor",
                        "gguf_reader_callback_t",
                        "gguf_init_from_callback")
                .skip());
    }
}
