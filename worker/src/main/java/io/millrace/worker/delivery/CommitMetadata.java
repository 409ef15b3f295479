package io.millrace.worker.delivery;

import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a worker commits of a partition beside the offset, as the text in the offset's metadata:
 * {@code 2;<D|C>;<owner>;<losses>;<permits>;<done>}, with losses as {@code count:offsets,...}. Offsets are run lengths that
 * count from the committed one, so that the text grows with the jobs that run, and not with those that wait or are done.
 * The empty text stands for a partition that nobody has taken yet. Version 1 had each loss as {@code offset:count}.
 *
 * <p>Immutable.
 *
 * @param dirty whether the owner still holds the partition as far as it knows; a taker of a dirty partition must assume
 *     that the owner died
 * @param owner the transactional id of who wrote this
 * @param losses unfinished offset to how often its job was lost with an engine or a worker, where that is not 0
 * @param permits unfinished offsets whose jobs may have been started since this was committed; no job starts without
 * @param done offsets beyond the committed one whose results are committed
 */
public record CommitMetadata(
        boolean dirty, String owner, SortedMap<Long, Integer> losses, OffsetRuns permits, OffsetRuns done) {

    /** A group's first commit. */
    public static final CommitMetadata NONE =
            new CommitMetadata(false, "", new TreeMap<>(), OffsetRuns.EMPTY, OffsetRuns.EMPTY);

    /** {@code offset.metadata.max.bytes} of a broker; a longer text kills the transactional producer. */
    public static final int MAX_LENGTH = 4096;

    private static final String VERSION = "2";
    private static final String FORMER_VERSION = "1";

    public CommitMetadata {
        Objects.requireNonNull(permits, "permits");
        Objects.requireNonNull(done, "done");
        if (owner.indexOf(';') >= 0) {
            throw new IllegalArgumentException("owner '" + owner + "' holds a ';'");
        }
        losses = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(losses));
    }

    /**
     * The text to commit with this offset.
     *
     * @throws IllegalStateException when it is longer than a broker takes, which bounded in-flight jobs rule out
     */
    public String encode(long offset) {
        StringBuilder text = new StringBuilder(64);
        text.append(VERSION).append(dirty ? ";D;" : ";C;").append(owner).append(';');
        String separator = "";
        for (Map.Entry<Integer, SortedSet<Long>> lost : byCount().entrySet()) {
            text.append(separator).append(lost.getKey()).append(':');
            text.append(OffsetRuns.of(lost.getValue()).encode(offset));
            separator = ",";
        }
        text.append(';').append(permits.encode(offset)).append(';').append(done.encode(offset));
        if (text.length() > MAX_LENGTH) {
            throw new IllegalStateException("commit metadata of " + text.length() + " characters at offset " + offset
                    + " is longer than a broker's " + MAX_LENGTH + ": " + done.runs() + " runs done, " + permits.size()
                    + " jobs permitted, " + losses.size() + " lost before");
        }
        return text.toString();
    }

    private SortedMap<Integer, SortedSet<Long>> byCount() {
        SortedMap<Integer, SortedSet<Long>> byCount = new TreeMap<>();
        losses.forEach((offset, count) ->
                byCount.computeIfAbsent(count, none -> new TreeSet<>()).add(offset));
        return byCount;
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException when the text is not such; the message says where
     */
    public static CommitMetadata decode(long offset, String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        String[] fields = text.split(";", -1);
        if (!fields[0].equals(VERSION) && !fields[0].equals(FORMER_VERSION)) {
            throw new IllegalArgumentException("commit metadata '" + text + "' is of version " + fields[0]
                    + ", this build reads " + VERSION + ": update this worker");
        }
        if (fields.length != 6 || !(fields[1].equals("D") || fields[1].equals("C"))) {
            throw new IllegalArgumentException("commit metadata '" + text + "' was not written by Millrace");
        }
        return new CommitMetadata(
                fields[1].equals("D"),
                fields[2],
                losses(fields[3], offset, fields[0].equals(FORMER_VERSION)),
                OffsetRuns.decode(fields[4], offset),
                OffsetRuns.decode(fields[5], offset));
    }

    private static SortedMap<Long, Integer> losses(String text, long base, boolean former) {
        SortedMap<Long, Integer> losses = new TreeMap<>();
        for (String loss : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            int colon = loss.indexOf(':');
            String left = loss.substring(0, colon);
            String right = loss.substring(colon + 1);
            if (former) {
                losses.put(base + Long.parseLong(left), Integer.parseInt(right));
                continue;
            }
            OffsetRuns lost = OffsetRuns.decode(right, base);
            for (int run = 0; run < lost.runs(); run++) {
                for (long offset = lost.runStart(run); offset < lost.runEnd(run); offset++) {
                    losses.put(offset, Integer.parseInt(left));
                }
            }
        }
        return losses;
    }

    /** How often the job at an offset was lost, this take-over included when the owner must be taken for dead. */
    int lossesAtTakeOver(long offset) {
        int before = losses.getOrDefault(offset, 0);
        return dirty && permits.contains(offset) && !done.contains(offset) ? before + 1 : before;
    }
}
