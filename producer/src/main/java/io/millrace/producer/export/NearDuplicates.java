package io.millrace.producer.export;

import java.util.Arrays;
import java.util.Locale;

/**
 * Drops a sample that is nearly the same as an earlier one that was kept: the Jaccard similarity of their sets of word
 * 5-grams, over the last prompt and the text, is at least a threshold as MinHash estimates it (Broder 1997) from 128
 * hashes. Candidates are those that agree in one of 16 bands of 8 hashes (Leskovec, Rajaraman, Ullman, Mining of Massive
 * Datasets, 3.4): a pair of similarity 0.8 is found with probability 0.95, one of 0.9 with 0.9999. Takes about half a
 * kilobyte a sample kept: a byte of each hash, and the bands.
 *
 * <p>Confined to the exporting thread.
 */
final class NearDuplicates implements Filter {
    private static final int HASHES = 128;
    private static final int BANDS = 16;
    private static final int ROWS = HASHES / BANDS;
    private static final int WORDS = 5;

    private final double threshold;
    private final long[] salts = new long[HASHES];
    private final LongTable bands = new LongTable();
    private byte[] signatures = new byte[HASHES * 1024];
    private int kept;

    NearDuplicates(double threshold) {
        this.threshold = threshold;
        for (int i = 0; i < HASHES; i++) {
            salts[i] = Hashes.mix(i * 0x9E3779B97F4A7C15L);
        }
    }

    @Override
    public String name() {
        return "near_duplicate";
    }

    @Override
    public boolean keeps(ExportRow row, Completion completion) {
        long[] least = leastHashes(row.lastPrompt() + "\n" + completion.text());
        byte[] signature = new byte[HASHES];
        for (int i = 0; i < HASHES; i++) {
            signature[i] = (byte) Hashes.mix(least[i]);
        }
        for (int band = 0; band < BANDS; band++) {
            int earlier = bands.putIfAbsent(bandKey(least, band), kept);
            if (earlier >= 0 && earlier != kept && similarity(signature, earlier) >= threshold) {
                return false; // bands of it that were put before point at the next sample kept, and do no harm
            }
        }
        if ((kept + 1) * (long) HASHES > signatures.length) {
            signatures = Arrays.copyOf(signatures, Math.multiplyExact(signatures.length, 2));
        }
        System.arraycopy(signature, 0, signatures, kept * HASHES, HASHES);
        kept++;
        return true;
    }

    private static long bandKey(long[] least, int band) {
        long key = band;
        for (int i = band * ROWS; i < (band + 1) * ROWS; i++) {
            key = Hashes.mix(key ^ least[i]);
        }
        return key;
    }

    /** Bytes of equal hashes are equal; of others one in 256 is, which is taken off. */
    private double similarity(byte[] signature, int earlier) {
        int equal = 0;
        for (int i = 0; i < HASHES; i++) {
            equal += signature[i] == signatures[earlier * HASHES + i] ? 1 : 0;
        }
        double share = equal / (double) HASHES;
        return (share - 1 / 256.0) / (1 - 1 / 256.0);
    }

    private long[] leastHashes(String text) {
        String[] words = text.toLowerCase(Locale.ROOT).strip().split("[\\s\\p{Punct}]+");
        long[] least = new long[HASHES];
        Arrays.fill(least, Long.MAX_VALUE);
        int shingles = Math.max(1, words.length - WORDS + 1);
        for (int i = 0; i < shingles; i++) {
            long shingle = Hashes.START;
            for (int j = i; j < Math.min(i + WORDS, words.length); j++) {
                shingle = Hashes.add(shingle, words[j]);
            }
            for (int h = 0; h < HASHES; h++) {
                least[h] = Math.min(least[h], Hashes.mix(shingle ^ salts[h]));
            }
        }
        return least;
    }
}
