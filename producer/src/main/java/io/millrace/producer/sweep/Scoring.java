package io.millrace.producer.sweep;

import io.millrace.producer.score.Score;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/**
 * Scores the samples of a run, some at a time on threads of their own, and writes {@code scores.jsonl} in the samples'
 * order. Scores of other scorers that the file has stay.
 *
 * <p>Confined to the calling thread.
 */
public final class Scoring {
    private static final String FILE = "scores.jsonl";
    private static final int JOBS_AT_A_TIME = 256;

    private final Path folder;
    private final Map<String, RunScorer> scorers;
    private final int threads;
    private final LongConsumer scored;
    private final ScoreTable table = new ScoreTable();

    /**
     * A scoring.
     *
     * @param scorers by name, in the order of the file's lines for a sample
     * @param scored is told how many jobs are done
     */
    public Scoring(Path folder, Map<String, RunScorer> scorers, int threads, LongConsumer scored) {
        this.folder = folder;
        this.scorers = scorers;
        this.threads = threads;
        this.scored = scored;
    }

    /** Scores all samples; what the file now says. */
    public ScoreTable run() throws IOException {
        Path temporary = folder.resolve(FILE + ".tmp");
        AtomicInteger number = new AtomicInteger();
        ExecutorService pool =
                Executors.newFixedThreadPool(threads, task -> new Thread(task, "score-" + number.incrementAndGet()));
        try (BufferedWriter out = Files.newBufferedWriter(temporary);
                RunSamples samples = new RunSamples(folder)) {
            keepOthers(out);
            long jobs = 0;
            List<Future<List<ScoreLine>>> waiting = new ArrayList<>();
            for (List<RunSample> job = samples.next(); !job.isEmpty(); job = samples.next()) {
                for (RunSample sample : job) {
                    Callable<List<ScoreLine>> work = () -> score(sample);
                    waiting.add(pool.submit(work));
                }
                jobs++;
                if (jobs % JOBS_AT_A_TIME == 0) {
                    write(waiting, out);
                    scored.accept(jobs);
                }
            }
            write(waiting, out);
            scored.accept(jobs);
        } finally {
            pool.shutdownNow();
        }
        Files.move(
                temporary, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return table;
    }

    private List<ScoreLine> score(RunSample sample) {
        List<ScoreLine> lines = new ArrayList<>();
        for (Map.Entry<String, RunScorer> scorer : scorers.entrySet()) {
            Optional<Score> score = scorer.getValue().score(sample);
            score.ifPresent(value -> lines.add(ScoreLine.of(sample, scorer.getKey(), value)));
        }
        return lines;
    }

    private void write(List<Future<List<ScoreLine>>> waiting, BufferedWriter out) throws IOException {
        for (Future<List<ScoreLine>> one : waiting) {
            table.sample();
            for (ScoreLine line : done(one)) {
                table.add(line);
                out.write(line.json());
                out.write('\n');
            }
        }
        waiting.clear();
    }

    private static List<ScoreLine> done(Future<List<ScoreLine>> one) {
        try {
            return one.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while scoring");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }

    /** What other scorers said before. */
    private void keepOthers(BufferedWriter out) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return;
        }
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                ScoreLine kept = ScoreLine.read(line);
                if (!scorers.containsKey(kept.scorer())) {
                    out.write(line);
                    out.write('\n');
                }
            }
        }
    }
}
