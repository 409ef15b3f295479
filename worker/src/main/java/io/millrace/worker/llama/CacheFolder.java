package io.millrace.worker.llama;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Where things lie that can be made again: unpacked native libraries and hashes of model files. {@code
 * -Dmillrace.cache=DIR}, else {@code $XDG_CACHE_HOME/millrace}, else {@code ~/.cache/millrace}.
 *
 * <p>Immutable.
 */
record CacheFolder(Path path) {
    private static final String PROPERTY = "millrace.cache";

    static CacheFolder ofThisUser() {
        String property = System.getProperty(PROPERTY, "");
        if (!property.isEmpty()) {
            return new CacheFolder(Path.of(property).toAbsolutePath());
        }
        String xdg = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
        Path home = Path.of(System.getProperty("user.home"));
        return new CacheFolder((xdg.isEmpty() ? home.resolve(".cache") : Path.of(xdg)).resolve("millrace"));
    }

    /** A folder for what belongs to this key and no other. */
    Path of(String kind, String key) {
        return path.resolve(kind)
                .resolve(HexFormat.of()
                        .formatHex(sha256().digest(key.getBytes(StandardCharsets.UTF_8)))
                        .substring(0, 16));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
