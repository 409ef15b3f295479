package io.millrace.producer.plan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Run ids and what comes from them. Thread-safe. */
public final class RunId {
    /** 64 bits: among a million runs the chance that two share an id is below one in thirty million. */
    private static final int LENGTH = 16;

    private RunId() {}

    /**
     * The id of a run: the same for the same input and options, so that the same command again goes on with the run.
     *
     * @param inputSha256 of the input's content
     * @param nonce empty, or a text of its own for a run that is to start afresh
     * @return 16 hexadecimal digits
     */
    public static String of(String inputSha256, RunOptions options, String nonce) {
        return sha256("millrace-run-1\n" + inputSha256 + "\n" + nonce.length() + ":" + nonce + "\n"
                        + options.canonical())
                .substring(0, LENGTH);
    }

    /** The run's seed: the one asked for, else 53 bits of the run id, so that any JSON reader keeps them all. */
    public static long seed(String runId, RunOptions options) {
        return options.seed()
                .orElseGet(() -> Long.parseUnsignedLong(
                                sha256("millrace-seed-1\n" + runId).substring(0, 16), 16)
                        >>> 11);
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
