package io.millrace.producer.files;

import io.millrace.job.JobResult;
import io.millrace.producer.ledger.RunLedger;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * The output folder of a run: {@code results.jsonl} and {@code errors.jsonl}, one line a job in the input's order, and
 * {@code run.json}.
 *
 * <p>While the run goes on, lines are added to {@code *.partial} files in order of arrival. {@link #checkpoint} makes them
 * durable first and then says, in one file put in place atomically, how long they are and up to which offsets they hold
 * the results; so whoever opens the folder after a crash cuts the files to those lengths and goes on from those offsets.
 * {@link #complete} writes the sorted files and then {@code run.json}, whose presence makes the run complete; until then
 * all that it did can be done again.
 *
 * <p>Confined to the collecting thread.
 */
public final class RunOutput implements Closeable {
    private final OutputFolder folder;
    private final String runId;
    private final Clock clock;
    private final Disk disk;
    private final FolderLock lock;
    private final LineFile results;
    private final LineFile errors;
    private final RunLedger ledger;
    private final long startedMillis;
    private final long activeMillisBefore;
    private final long openedMillis;
    private final OpenAiResultLine line = new OpenAiResultLine();
    private Map<Integer, Long> offsets;
    private OutputStream follower = OutputStream.nullOutputStream();
    private boolean broken;

    private RunOutput(
            OutputFolder folder,
            Checkpoint from,
            Clock clock,
            Disk disk,
            FolderLock lock,
            LineFile results,
            LineFile errors) {
        this.folder = folder;
        this.runId = from.runId();
        this.clock = clock;
        this.disk = disk;
        this.lock = lock;
        this.results = results;
        this.errors = errors;
        ledger = RunLedger.of(from.ledger(), from.totals());
        offsets = from.offsets();
        startedMillis = from.startedMillis();
        activeMillisBefore = from.activeMillis();
        openedMillis = clock.millis();
    }

    /**
     * The summary when the folder holds this run and the run is complete.
     *
     * @throws OutputException when the folder holds another run
     */
    public static Optional<RunSummary> completed(Path path, String runId) throws IOException {
        OutputFolder folder = new OutputFolder(path);
        Optional<RunSummary> summary = folder.readSummary();
        if (summary.isEmpty()) {
            return summary;
        }
        requireRun(folder, runId, summary.get().facts().runId());
        if (folder.hasUnfinished()) {
            Optional<FolderLock> lock = FolderLock.tryTake(path);
            if (lock.isPresent()) {
                try (FolderLock held = lock.get()) {
                    folder.deleteUnfinished(Disk.FILES);
                }
            }
        }
        return summary;
    }

    /**
     * Opens the folder for a run, makes it where there is none, and goes on where the last process stopped.
     *
     * @throws OutputException when the folder is in use, holds another run or files of another origin, or the run is
     *     complete
     */
    public static RunOutput open(Path path, String runId, Clock clock) throws IOException {
        return open(path, runId, clock, Disk.FILES);
    }

    static RunOutput open(Path path, String runId, Clock clock, Disk disk) throws IOException {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new OutputException(path + ": is a file; name a folder by -o");
        }
        Files.createDirectories(path);
        OutputFolder folder = new OutputFolder(path);
        FolderLock lock = FolderLock.take(path);
        try {
            Checkpoint checkpoint = checkpointOf(folder, runId, clock, disk);
            LineFile results = reopen(disk, folder.partialResults(), checkpoint.resultBytes());
            LineFile errors = reopen(disk, folder.partialErrors(), checkpoint.errorBytes());
            return new RunOutput(folder, checkpoint, clock, disk, lock, results, errors);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Opens the folder of a complete run whose jobs were submitted again: from now on the run is not complete. Its files
     * stay as they are until it is.
     *
     * @throws OutputException when the folder is in use or holds another run
     */
    public static RunOutput reopen(Path path, String runId, Clock clock) throws IOException {
        return reopen(path, runId, clock, Disk.FILES);
    }

    static RunOutput reopen(Path path, String runId, Clock clock, Disk disk) throws IOException {
        OutputFolder folder = new OutputFolder(path);
        try (FolderLock lock = FolderLock.take(path)) {
            Optional<RunSummary> complete = folder.readSummary();
            if (complete.isPresent()) {
                requireRun(folder, runId, complete.get().facts().runId());
                folder.unfinish(complete.get(), disk);
            }
        }
        return open(path, runId, clock, disk);
    }

    private static Checkpoint checkpointOf(OutputFolder folder, String runId, Clock clock, Disk disk)
            throws IOException {
        Optional<RunSummary> summary = folder.readSummary();
        if (summary.isPresent()) {
            requireRun(folder, runId, summary.get().facts().runId());
            throw new OutputException(folder.path() + ": run " + runId + " is complete; there is nothing to write");
        }
        Optional<Checkpoint> checkpoint = folder.readCheckpoint();
        if (checkpoint.isPresent()) {
            requireRun(folder, runId, checkpoint.get().runId());
            return checkpoint.get();
        }
        for (Path file : new Path[] {folder.results(), folder.errors()}) {
            if (Files.exists(file)) {
                throw new OutputException(file + ": is there already and not of a run of Millrace's in this folder;"
                        + " move it away or choose another folder by -o");
            }
        }
        RunLedger none = new RunLedger();
        Checkpoint first = new Checkpoint(runId, Map.of(), 0, 0, none.state(), none.totals(), clock.millis(), 0);
        disk.replace(folder.checkpoint(), first.encode());
        return first;
    }

    private static void requireRun(OutputFolder folder, String runId, String found) {
        if (!found.equals(runId)) {
            throw new OutputException(folder.path() + ": holds run " + found + ", not " + runId
                    + "; choose another folder by -o, or give the input and options of that run to go on with it");
        }
    }

    private static LineFile reopen(Disk disk, Path file, long length) throws IOException {
        long found = Files.exists(file) ? Files.size(file) : 0;
        if (found < length) {
            throw new OutputException(file + ": has " + found + " bytes where the checkpoint says " + length
                    + "; remove the folder, then collect the run again");
        }
        return new LineFile(disk.append(file, length), length);
    }

    /** What has been collected, as of now. Only {@link #add} may change it. */
    public RunLedger ledger() {
        return ledger;
    }

    /** Partition of the results topic to the next offset to read, as of the last checkpoint; empty before the first. */
    public Map<Integer, Long> offsets() {
        return offsets;
    }

    /**
     * Adds a result unless its job has one that stays; see {@link RunLedger}. After an exception nothing more can be added: close, and open again.
     *
     * @return whether it was added
     */
    public boolean add(JobResult result) throws IOException {
        if (!result.id().runId().equals(runId)) {
            throw new IllegalArgumentException("result " + result.id() + " is not of run " + runId);
        }
        requireWhole();
        if (!ledger.accept(result)) {
            return false;
        }
        broken = true;
        byte[] bytes = line.of(result);
        (result instanceof JobResult.Completed ? results : errors).write(bytes, 0, bytes.length);
        broken = false;
        follower.write(bytes);
        return true;
    }

    /**
     * Writes every line that was added, and from now on each that is, to a stream too, as it comes. A line is there once,
     * but if a replay's result takes the place of a failure, both are. The stream stays the caller's to flush and close.
     */
    public void follow(OutputStream out) throws IOException {
        if (results.length() + errors.length() > 0) {
            results.force();
            errors.force();
            Files.copy(folder.partialResults(), out);
            Files.copy(folder.partialErrors(), out);
        }
        follower = out;
    }

    /** Makes all that was added durable, together with the offsets behind it. */
    public void checkpoint(Map<Integer, Long> newOffsets) throws IOException {
        requireWhole();
        broken = true;
        results.force();
        errors.force();
        Checkpoint checkpoint = new Checkpoint(
                runId,
                newOffsets,
                results.length(),
                errors.length(),
                ledger.state(),
                ledger.totals(),
                startedMillis,
                activeMillis());
        disk.replace(folder.checkpoint(), checkpoint.encode());
        offsets = checkpoint.offsets();
        broken = false;
    }

    /**
     * Ends the run: the lines sorted into their final files, then the summary. The caller closes the output afterwards.
     *
     * @param jobs how many jobs the run has
     * @param lastOffsets partition of the results topic to the offset behind the last result that was added
     */
    public RunSummary complete(RunFacts facts, long jobs, Map<Integer, Long> lastOffsets) throws IOException {
        if (!facts.runId().equals(runId)) {
            throw new IllegalArgumentException("facts of run " + facts.runId() + " for run " + runId);
        }
        if (!ledger.complete(jobs)) {
            throw new IllegalStateException("run " + runId + " has "
                    + ledger.totals().jobs() + " results for " + jobs + " jobs; missing: " + ledger.missing(jobs, 10));
        }
        checkpoint(lastOffsets);
        broken = true;
        // Answers first: a line that goes from one file to the other is never in neither.
        sort(folder.partialResults(), folder.results(), index -> true);
        sort(folder.partialErrors(), folder.errors(), ledger::failed);
        disk.forceFolder(folder.path());
        RunSummary summary = new RunSummary(
                facts,
                ledger.totals(),
                Instant.ofEpochMilli(startedMillis),
                Instant.ofEpochMilli(clock.millis()),
                activeMillis() / 1000.0,
                offsets,
                ledger.state());
        disk.replace(folder.summary(), summary.encode());
        folder.deleteUnfinished(disk);
        return summary;
    }

    private void sort(Path partial, Path target, LongPredicate kept) throws IOException {
        Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
        try (LineFile sorted = new LineFile(disk.append(temporary, 0), 0)) {
            new SortedCopy(partial, OpenAiResultLine.start(runId), kept).copyTo(sorted);
            sorted.force();
        }
        disk.move(temporary, target);
    }

    private long activeMillis() {
        return activeMillisBefore + Math.max(0, clock.millis() - openedMillis);
    }

    private void requireWhole() {
        if (broken) {
            throw new IllegalStateException(folder.path()
                    + ": an earlier write failed or the run is complete; close and open the folder again");
        }
    }

    /** Frees the folder. What was added after the last checkpoint is dropped when it is opened again. */
    @Override
    public void close() throws IOException {
        try (FolderLock held = lock;
                LineFile first = results;
                LineFile second = errors) {
            broken = true;
        }
    }
}
