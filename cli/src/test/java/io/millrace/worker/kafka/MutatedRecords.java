package io.millrace.worker.kafka;

import io.millrace.job.Job;
import io.millrace.wire.JobCodec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/**
 * Records of jobs with something wrong in them, drawn from a seed.
 *
 * <p>Confined to one thread.
 */
public final class MutatedRecords {
    private static final String[] PIECES = {
        "null",
        "{}",
        "[]",
        "-1",
        "1e999",
        "99999999999999999999",
        "\"\"",
        "\\u0000",
        "\\ud800",
        "{\"a\":",
        "[[[[[[",
        "true",
        ":",
        ",",
        "\"n\":"
    };

    private final byte[] record;
    private final Random random;

    public MutatedRecords(Job job, long seed) {
        this.record = JobCodec.encode(job);
        this.random = new Random(seed);
    }

    /** The next one: one to three changes of bits, bytes and pieces. */
    public byte[] next() {
        return mutate(record, random);
    }

    private static byte[] mutate(byte[] job, Random random) {
        byte[] mutant = job.clone();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            int at = random.nextInt(mutant.length);
            mutant = switch (random.nextInt(6)) {
                case 0 -> with(mutant, at, (byte) (mutant[at] ^ 1 << random.nextInt(8)));
                case 1 -> with(mutant, at, (byte) random.nextInt(256));
                case 2 -> Arrays.copyOf(mutant, Math.max(1, at));
                case 3 -> splice(mutant, at, at, PIECES[random.nextInt(PIECES.length)]);
                case 4 -> splice(mutant, at, Math.min(mutant.length, at + random.nextInt(20)), "");
                default ->
                    splice(
                            mutant,
                            at,
                            Math.min(mutant.length, at + random.nextInt(6)),
                            PIECES[random.nextInt(PIECES.length)]);
            };
        }
        return mutant;
    }

    private static byte[] with(byte[] bytes, int at, byte value) {
        byte[] changed = bytes.clone();
        changed[at] = value;
        return changed;
    }

    /** The bytes with something else in place of a part; one byte is always left. */
    private static byte[] splice(byte[] bytes, int from, int to, String piece) {
        byte[] middle = piece.getBytes(StandardCharsets.UTF_8);
        byte[] spliced = new byte[Math.max(1, bytes.length - (to - from) + middle.length)];
        System.arraycopy(bytes, 0, spliced, 0, Math.min(from, spliced.length));
        System.arraycopy(middle, 0, spliced, from, Math.min(middle.length, spliced.length - from));
        int tail = Math.min(bytes.length - to, spliced.length - from - middle.length);
        if (tail > 0) {
            System.arraycopy(bytes, to, spliced, from + middle.length, tail);
        }
        return spliced;
    }
}
