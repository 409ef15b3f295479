package io.millrace.producer.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * The file system, until the power goes at a given step. What was not forced is then lost: bytes behind the last force
 * (none, half or all of them), and moves and deletions in a folder that was not forced after them (none, all but the last
 * one, all of them).
 */
final class PowerCutDisk implements Disk {

    /** What becomes of that which was not forced. */
    enum Unforced {
        KEPT,
        TORN,
        LOST
    }

    /** The power went. */
    static final class PowerCut extends IOException {
        private static final long serialVersionUID = 1L;

        PowerCut(int step) {
            super("power cut at step " + step);
        }
    }

    private interface Undo {
        void run() throws IOException;
    }

    private final int cutAt;
    private final Unforced unforced;
    private final Map<Path, Long> forcedLengths = new HashMap<>();
    private final Deque<Undo> unforcedMoves = new ArrayDeque<>();
    private int step;

    PowerCutDisk(int cutAt, Unforced unforced) {
        this.cutAt = cutAt;
        this.unforced = unforced;
    }

    /** The steps so far. */
    int steps() {
        return step;
    }

    private void step() throws IOException {
        if (step++ == cutAt) {
            throw new PowerCut(cutAt);
        }
    }

    /** Leaves on disk what survives; call it after the power cut. */
    void settle() throws IOException {
        if (unforced != Unforced.KEPT) {
            if (unforced == Unforced.TORN && !unforcedMoves.isEmpty()) {
                unforcedMoves.pop();
            }
            while (!unforcedMoves.isEmpty()) {
                unforcedMoves.pop().run();
            }
            for (Map.Entry<Path, Long> file : forcedLengths.entrySet()) {
                if (Files.exists(file.getKey())) {
                    long length = Files.size(file.getKey());
                    long kept = Math.min(length, file.getValue());
                    kept += unforced == Unforced.TORN ? (length - kept) / 2 : 0;
                    Disk.FILES.append(file.getKey(), kept).close();
                }
            }
        }
    }

    @Override
    public Appender append(Path file, long length) throws IOException {
        step();
        Appender appender = FILES.append(file, length);
        forcedLengths.put(file, length);
        return new Appender() {
            private long written = length;

            @Override
            public void write(byte[] bytes, int start, int count) throws IOException {
                step();
                appender.write(bytes, start, count);
                written += count;
            }

            @Override
            public void force() throws IOException {
                step();
                forcedLengths.put(file, written);
            }

            @Override
            public void close() throws IOException {
                appender.close();
            }
        };
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        step();
        byte[] moved = Files.readAllBytes(from);
        Undo undo = undoOf(to);
        FILES.move(from, to);
        long forced = forcedLengths.getOrDefault(from, (long) moved.length);
        forcedLengths.remove(from);
        forcedLengths.put(to, forced);
        unforcedMoves.push(() -> {
            forcedLengths.remove(to);
            undo.run();
            Files.write(from, moved);
            forcedLengths.put(from, forced);
        });
    }

    @Override
    public void delete(Path file) throws IOException {
        step();
        Undo undo = undoOf(file);
        FILES.delete(file);
        unforcedMoves.push(undo);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
        step();
        unforcedMoves.clear();
    }

    private Undo undoOf(Path file) throws IOException {
        if (!Files.exists(file)) {
            return () -> Files.deleteIfExists(file);
        }
        byte[] content = Files.readAllBytes(file);
        long forced = forcedLengths.getOrDefault(file, (long) content.length);
        return () -> {
            Files.write(file, content);
            forcedLengths.put(file, forced);
        };
    }
}
