package io.millrace.worker.llama;

import io.millrace.llamacpp.Llama;
import io.millrace.llamacpp.ggml_backend_device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.bytedeco.javacpp.SizeTPointer;

/** How much memory is free where the cache would lie. Thread-safe. */
final class DeviceMemory {
    private static final Path MEMORY_INFO = Path.of("/proc/meminfo");
    private static final Path LIMIT = Path.of("/sys/fs/cgroup/memory.max");
    private static final Path USED = Path.of("/sys/fs/cgroup/memory.current");

    private DeviceMemory() {}

    /** Of one GPU, counted from 0; empty where there is none. */
    static OptionalLong freeOfGpu(int gpu) {
        int seen = 0;
        for (long i = 0; i < Llama.ggml_backend_dev_count(); i++) {
            ggml_backend_device device = Llama.ggml_backend_dev_get(i);
            if (Llama.ggml_backend_dev_type(device) == Llama.GGML_BACKEND_DEVICE_TYPE_GPU && seen++ == gpu) {
                try (SizeTPointer free = new SizeTPointer(1);
                        SizeTPointer total = new SizeTPointer(1)) {
                    Llama.ggml_backend_dev_memory(device, free, total);
                    return OptionalLong.of(free.get());
                }
            }
        }
        return OptionalLong.empty();
    }

    /** Of the machine, or what this container has left of its share; empty where neither is told. */
    static OptionalLong freeOfMachine() {
        try {
            OptionalLong free = OptionalLong.empty();
            for (String line : Files.readAllLines(MEMORY_INFO)) {
                if (line.startsWith("MemAvailable:")) {
                    free = OptionalLong.of(Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024);
                }
            }
            if (Files.isReadable(LIMIT) && Files.isReadable(USED)) {
                String limit = Files.readString(LIMIT).strip();
                if (limit.matches("[0-9]+")) {
                    long left = Long.parseLong(limit)
                            - Long.parseLong(Files.readString(USED).strip());
                    free = OptionalLong.of(Math.min(left, free.orElse(left)));
                }
            }
            return free;
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
