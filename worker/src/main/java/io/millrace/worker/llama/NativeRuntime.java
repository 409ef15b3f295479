package io.millrace.worker.llama;

import io.millrace.llamacpp.Llama;
import io.millrace.llamacpp.ggml_backend_device;
import io.millrace.worker.decode.EngineException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarEntry;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;

/**
 * llama.cpp's libraries and backends, loaded once in a process. The libraries are unpacked from the jar into the cache
 * folder, into a folder of that very jar, so that two builds never write over each other's files.
 *
 * <p>Immutable.
 */
public final class NativeRuntime {
    private static final String PLATFORM = "linux-x86_64";
    private static final String FOLDER = "/io/millrace/llamacpp/" + PLATFORM + "/";
    private static final ConcurrentHashMap<String, NativeRuntime> LOADED = new ConcurrentHashMap<>();

    private final Optional<Path> backendDir;
    private final NativeLog log;

    private NativeRuntime(Optional<Path> backendDir) {
        this.backendDir = backendDir;
        prepareJavaCpp();
        try {
            Loader.load(Llama.class);
        } catch (UnsatisfiedLinkError e) {
            throw new EngineException(
                    "llama.cpp's libraries do not load on this system: " + e.getMessage()
                            + ". They need x86-64 Linux with glibc 2.34 or newer (Debian 12, Ubuntu 22.04, RHEL 9).",
                    e);
        }
        if (Pointer.maxPhysicalBytes() != 0) {
            throw new EngineException("JavaCPP would refuse memory beyond " + Pointer.maxPhysicalBytes()
                    + " bytes, weights included; start Java with -Dorg.bytedeco.javacpp.maxPhysicalBytes=0");
        }
        log = new NativeLog();
        log.attach();
        loadBackends();
        Llama.llama_backend_init();
    }

    /**
     * Loads what is not loaded yet.
     *
     * @param backendDir a folder with ggml backends, such as libggml-cuda.so, beside or instead of those in the jar
     * @throws EngineException when the libraries do not load, or were loaded with another folder
     */
    public static NativeRuntime load(Optional<Path> backendDir) {
        NativeRuntime runtime = LOADED.computeIfAbsent("", none -> new NativeRuntime(backendDir));
        if (!runtime.backendDir.equals(backendDir)) {
            throw new EngineException("llama.cpp runs with the backends of " + runtime.backendDir
                    + " already; a process cannot change to those of " + backendDir);
        }
        return runtime;
    }

    NativeLog log() {
        return log;
    }

    /** Such as {@code llama.cpp 0.5.0-dev}. */
    public String version() {
        return "llama.cpp " + Llama.llama_version().getString();
    }

    /** Backend libraries and devices, in words. */
    public String backends() {
        List<String> devices = new ArrayList<>();
        for (long i = 0; i < Llama.ggml_backend_dev_count(); i++) {
            ggml_backend_device device = Llama.ggml_backend_dev_get(i);
            String description = Llama.ggml_backend_dev_description(device).getString();
            devices.add(Llama.ggml_backend_dev_name(device).getString() + " "
                    + description.replaceAll("\\s+", " ").strip());
        }
        return String.join(", ", devices) + " (" + String.join(", ", log.backends()) + ")";
    }

    /** How many GPUs the backends found. */
    public int gpus() {
        int gpus = 0;
        for (long i = 0; i < Llama.ggml_backend_dev_count(); i++) {
            int type = Llama.ggml_backend_dev_type(Llama.ggml_backend_dev_get(i));
            if (type == Llama.GGML_BACKEND_DEVICE_TYPE_GPU) {
                gpus++;
            }
        }
        return gpus;
    }

    private static void prepareJavaCpp() {
        if (!Loader.Detector.getPlatform().equals(PLATFORM)) {
            throw new EngineException(
                    "llama.cpp's libraries are built for " + PLATFORM + ", this is " + Loader.Detector.getPlatform());
        }
        // Read by JavaCPP when its first pointer class loads; what the user set stands.
        setIfAbsent("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        setIfAbsent("org.bytedeco.javacpp.maxBytes", "0");
        setIfAbsent(
                "org.bytedeco.javacpp.cachedir",
                CacheFolder.ofThisUser().of("native", identityOfCode()).toString());
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** Place, length and time of the jar or folder that the libraries come from. */
    private static String identityOfCode() {
        try {
            File code = new File(Llama.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return code + " " + code.length() + " " + code.lastModified();
        } catch (URISyntaxException e) {
            throw new EngineException("cannot find the jar of llama.cpp's libraries", e);
        }
    }

    private void loadBackends() {
        Path own = unpackBackends();
        if (backendDir.isEmpty()) {
            Llama.ggml_backend_load_all_from_path(own.toString());
        } else {
            Path given = backendDir.get();
            if (!holdsLibrary(given, "libggml-*.so")) {
                throw new EngineException("the backend folder " + given
                        + " holds no ggml backend (libggml-cuda.so or the like); see --backend-dir");
            }
            Llama.ggml_backend_load_all_from_path(given.toString());
            if (!holdsLibrary(given, "libggml-cpu*.so")) {
                Llama.ggml_backend_load_all_from_path(own.toString());
            }
        }
        if (Llama.ggml_backend_dev_by_type(Llama.GGML_BACKEND_DEVICE_TYPE_CPU) == null) {
            throw new EngineException("no CPU backend of llama.cpp could be loaded from " + own + log.takeComplaints());
        }
    }

    private static boolean holdsLibrary(Path folder, String glob) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, glob)) {
            return found.iterator().hasNext();
        } catch (IOException e) {
            throw new EngineException("cannot read the backend folder " + folder + ": " + e.getMessage(), e);
        }
    }

    /** The folder of the backends, one library for each kind of CPU, from which ggml takes the best. */
    private static Path unpackBackends() {
        try {
            Optional<File> folder = Optional.empty();
            for (String name : backendsInCode()) {
                File library = Loader.cacheResource(Llama.class, FOLDER + name);
                folder = Optional.of(library.getParentFile());
            }
            return folder.orElseThrow(() -> new EngineException("the jar of llama.cpp's libraries holds no backend"))
                    .toPath();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack llama.cpp's backends", e);
        }
    }

    private static List<String> backendsInCode() throws IOException {
        URL url = Llama.class.getResource(FOLDER + "libggml-base.so");
        if (url == null) {
            throw new EngineException("the jar of llama.cpp's libraries is incomplete: no " + FOLDER);
        }
        List<String> names = new ArrayList<>();
        if (url.openConnection() instanceof JarURLConnection jar) {
            jar.getJarFile().stream()
                    .map(JarEntry::getName)
                    .filter(name -> ("/" + name).startsWith(FOLDER))
                    .forEach(name -> names.add(name.substring(FOLDER.length() - 1)));
        } else {
            try (DirectoryStream<Path> files =
                    Files.newDirectoryStream(Path.of(url.getPath()).getParent())) {
                files.forEach(file -> names.add(file.getFileName().toString()));
            }
        }
        names.removeIf(name -> !name.matches("libggml-(?!base\\.).*\\.so"));
        return names;
    }
}
