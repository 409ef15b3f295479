package io.millrace.worker.app;

import io.millrace.worker.pipeline.EngineInfo;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is said at the start of what is loaded where.
 *
 * <p>Thread-safe.
 */
final class ModelReport {
    private static final Logger log = LoggerFactory.getLogger(ModelReport.class);
    private static final double REFERENCE_ROPE_BASE = 1e6;
    private static final double MIB = 1024.0 * 1024.0;

    private ModelReport() {}

    static void log(EngineInfo info) {
        log.info(
                "model={} ({}, {} parameters, {} MiB) quantization={} trained_context={} rope_freq_base={}",
                info.modelFile(),
                info.description(),
                millions(info.parameters()),
                mib(info.modelBytes()),
                info.quantization(),
                info.trainedContextTokens(),
                info.ropeFreqBase());
        log.info(
                "slots={} slot_tokens={} step_tokens={} kv_cache={} MiB template={} backend={} threads={} engine={}",
                info.slots(),
                info.slotTokens(),
                info.stepTokens(),
                mib(info.kvBytes()),
                info.template(),
                info.backend(),
                info.threads(),
                info.engine());
        if (!info.adapters().isEmpty()) {
            log.info("lora_adapters={}", info.adapters());
        }
        if (wrongReferenceRopeBase(info)) {
            log.warn(
                    "{} has a RoPE base of {}, but codellama-13b-oasst-sft-v10 was trained with 1000000: its answers will"
                            + " be bad without any other sign; convert it again with a current convert_hf_to_gguf.py",
                    info.modelFile(),
                    info.ropeFreqBase());
        }
    }

    /** Whether this looks like the reference model, by its file's name, with another RoPE base than its own. */
    static boolean wrongReferenceRopeBase(EngineInfo info) {
        String file = info.modelFile().toLowerCase(Locale.ROOT);
        return file.contains("codellama") && file.contains("oasst") && info.ropeFreqBase() != REFERENCE_ROPE_BASE;
    }

    private static String millions(long parameters) {
        return String.format(Locale.ROOT, "%.2f M", parameters / 1e6);
    }

    private static String mib(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / MIB);
    }
}
