package io.millrace.worker.llama;

import io.millrace.worker.decode.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The SHA-256 of a model file. It is computed on a thread of its own while llama.cpp loads the file, so the file is read
 * from disk once for both, and kept in the cache folder under the file's path, length and time, so that the next start
 * reads it from there.
 *
 * <p>Thread-safe.
 */
final class ModelDigest {
    private static final Logger LOG = LoggerFactory.getLogger(ModelDigest.class);
    private static final int BUFFER_BYTES = 1 << 20;

    private final CompletableFuture<String> digest;

    private ModelDigest(CompletableFuture<String> digest) {
        this.digest = digest;
    }

    /** Starts to compute it, unless it is known. */
    static ModelDigest of(Path file, CacheFolder cache) {
        CompletableFuture<String> digest = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        digest.complete(find(file.toRealPath(), cache));
                    } catch (IOException | RuntimeException e) {
                        digest.completeExceptionally(e);
                    }
                },
                "model-digest");
        thread.setDaemon(true);
        thread.start();
        return new ModelDigest(digest);
    }

    /**
     * Reads the whole file, whatever is known of it, and compares.
     *
     * @param expected 64 hexadecimal digits
     * @throws EngineException when the file is another one; it must not be given to native code then
     */
    static void require(Path file, String expected) {
        String found;
        try {
            found = compute(file);
        } catch (IOException e) {
            throw new EngineException("cannot read the model file " + file + " to hash it: " + e.getMessage(), e);
        }
        if (!found.equalsIgnoreCase(expected)) {
            throw new EngineException("the model file " + file + " has the SHA-256 " + found + ", not " + expected
                    + " as --model-sha256 says: it is another file or was changed; it was not loaded");
        }
    }

    /** Waits for it; lower-case hexadecimal. */
    String sha256() {
        try {
            return digest.join();
        } catch (CompletionException e) {
            throw new EngineException(
                    "cannot read the model file to hash it: " + e.getCause().getMessage(), e);
        }
    }

    private static String find(Path file, CacheFolder cache) throws IOException {
        Path known = cache.of(
                        "sha256",
                        file + " " + Files.size(file) + " "
                                + Files.getLastModifiedTime(file).toMillis())
                .resolve("sha256");
        if (Files.exists(known)) {
            String digest = Files.readString(known).strip();
            if (digest.matches("[0-9a-f]{64}")) {
                return digest;
            }
        }
        String digest = compute(file);
        keep(known, digest);
        return digest;
    }

    private static String compute(Path file) throws IOException {
        MessageDigest sha256 = CacheFolder.sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sha256.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    /** A cache that cannot be written costs time at the next start, nothing more. */
    private static void keep(Path known, String digest) {
        try {
            Files.createDirectories(known.getParent());
            Path written = Files.createTempFile(known.getParent(), "sha256", ".new");
            Files.writeString(written, digest + "\n");
            Files.move(written, known, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | UncheckedIOException e) {
            LOG.info("the model's hash is not kept: {}", e.toString());
        }
    }
}
