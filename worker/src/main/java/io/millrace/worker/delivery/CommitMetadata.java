package io.millrace.worker.delivery;

import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a worker commits of a partition beside the offset, as the text in the offset's metadata:
 * {@code 1;<D|C>;<owner>;<losses>;<permits>;<done>}. Offsets in it count from the committed one. The empty text stands
 * for a partition that nobody has taken yet.
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

    private static final String VERSION = "1";

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
        for (Map.Entry<Long, Integer> loss : losses.entrySet()) {
            text.append(separator).append(loss.getKey() - offset).append(':').append(loss.getValue());
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
        if (!fields[0].equals(VERSION)) {
            throw new IllegalArgumentException("commit metadata '" + text + "' is of version " + fields[0]
                    + ", this build reads " + VERSION + ": update this worker");
        }
        if (fields.length != 6 || !(fields[1].equals("D") || fields[1].equals("C"))) {
            throw new IllegalArgumentException("commit metadata '" + text + "' was not written by Millrace");
        }
        SortedMap<Long, Integer> losses = new TreeMap<>();
        if (!fields[3].isEmpty()) {
            for (String loss : fields[3].split(",", -1)) {
                int colon = loss.indexOf(':');
                losses.put(
                        offset + Long.parseLong(loss, 0, colon, 10),
                        Integer.parseInt(loss, colon + 1, loss.length(), 10));
            }
        }
        return new CommitMetadata(
                fields[1].equals("D"),
                fields[2],
                losses,
                OffsetRuns.decode(fields[4], offset),
                OffsetRuns.decode(fields[5], offset));
    }

    /** How often the job at an offset was lost, this take-over included when the owner must be taken for dead. */
    int lossesAtTakeOver(long offset) {
        int before = losses.getOrDefault(offset, 0);
        return dirty && permits.contains(offset) && !done.contains(offset) ? before + 1 : before;
    }
}
