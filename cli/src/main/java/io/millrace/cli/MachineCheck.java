package io.millrace.cli;

import io.millrace.worker.decode.EngineException;
import io.millrace.worker.llama.ModelFile;
import io.millrace.worker.llama.NativeRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at this machine: Java, llama.cpp's libraries, processor, GPU, model file. Confined to the calling thread. */
final class MachineCheck {
    private static final int NEEDED_JAVA = 17;
    private static final double GIB = 1L << 30;
    private static final Pattern CPU_LIBRARY = Pattern.compile("libggml-cpu-([a-z0-9]+)\\.so");

    private final Optional<Path> backendDir;
    private final List<Finding> findings = new ArrayList<>();

    private MachineCheck(Optional<Path> backendDir) {
        this.backendDir = backendDir;
    }

    static List<Finding> look(Path model, Optional<Path> backendDir) {
        MachineCheck check = new MachineCheck(backendDir);
        check.java();
        if (check.libraries()) {
            check.model(model);
        }
        return check.findings;
    }

    private void java() {
        int version = Runtime.version().feature();
        String text = version + " (" + System.getProperty("java.vm.name") + ", " + System.getProperty("java.home")
                + "), " + Runtime.getRuntime().availableProcessors() + " cores";
        findings.add(
                version >= NEEDED_JAVA
                        ? Finding.ok("java", text)
                        : Finding.fail("java", text, "install JDK " + NEEDED_JAVA + " or newer and set JAVA_HOME"));
    }

    private boolean libraries() {
        NativeRuntime runtime;
        try {
            runtime = NativeRuntime.load(backendDir);
        } catch (EngineException e) {
            findings.add(Finding.fail(
                    "llama.cpp",
                    e.getMessage(),
                    "run on x86-64 Linux with glibc 2.34 or newer, and delete ~/.cache/millrace if it may be damaged"));
            return false;
        }
        findings.add(Finding.ok("llama.cpp", runtime.version()));
        String backends = runtime.backends();
        Matcher cpu = CPU_LIBRARY.matcher(backends);
        if (cpu.find()) {
            boolean plain = cpu.group(1).equals("x64") || cpu.group(1).equals("sse42");
            findings.add(
                    plain
                            ? Finding.note(
                                    "cpu",
                                    "variant " + cpu.group(1) + ": this processor has no AVX",
                                    "expect a fraction of the usual speed; in a virtual machine let the processor's"
                                            + " features through")
                            : Finding.ok("cpu", "variant " + cpu.group(1)));
        }
        findings.add(runtime.gpus() > 0 ? Finding.ok("gpu", backends) : noGpu());
        return true;
    }

    private Finding noGpu() {
        boolean driver = Files.exists(Path.of("/dev/nvidiactl"));
        if (!driver) {
            return Finding.ok("gpu", "none; models run on the CPU");
        }
        if (backendDir.isEmpty()) {
            return Finding.note(
                    "gpu",
                    "an NVIDIA driver is there, but no backend for it was loaded",
                    "give a folder with libggml-cuda.so built for this GPU by --backend-dir");
        }
        return Finding.fail(
                "gpu",
                "an NVIDIA driver is there, but the backend in " + backendDir.get() + " found no GPU",
                "check that libcudart.so.13 and libcublas.so.13 are on LD_LIBRARY_PATH, that nvidia-smi works, and that"
                        + " the backend was built for this GPU's architecture");
    }

    private void model(Path file) {
        ModelFile model;
        try {
            model = ModelFile.read(file, backendDir);
        } catch (EngineException e) {
            findings.add(Finding.fail("model", e.getMessage(), "see docs/models.md for files that are known to work"));
            return;
        }
        String text = String.format(
                Locale.ROOT,
                "%s: %s, %.2f GiB, context %d, KV cache %.1f KiB a token in F16",
                file.getFileName(),
                model.description(),
                model.fileBytes() / GIB,
                model.trainedContextTokens(),
                model.kvBytesPerToken() / 1024.0);
        if (!model.keepsPositions()) {
            findings.add(Finding.fail("model", text, "Millrace runs decoders with a plain key-value cache only"));
        } else if (!model.chatMl()) {
            findings.add(Finding.fail(
                    "model",
                    text + "; its vocabulary lacks <|im_start|> or <|im_end|>",
                    "take a model that was trained with ChatML"));
        } else {
            findings.add(Finding.ok("model", text));
        }
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.contains("codellama") && name.contains("oasst") && model.ropeFreqBase() != 1e6) {
            findings.add(Finding.fail(
                    "rope",
                    "base " + model.ropeFreqBase() + ", but this model was trained with 1000000",
                    "convert it again with a current convert_hf_to_gguf.py"));
        }
    }
}
