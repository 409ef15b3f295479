package io.millrace.simulation;

import io.millrace.job.FailureKind;
import io.millrace.job.Job;
import io.millrace.job.JobResult;
import io.millrace.producer.ledger.RunLedger;
import io.millrace.worker.delivery.CommitMetadata;
import io.millrace.worker.delivery.Quarantine;
import io.millrace.worker.pipeline.ResultSink;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Something that must hold whatever happens; it throws an {@link AssertionError} as soon as it does not. */
interface Guarantee {

    /** A transaction of a worker was committed. */
    default void onCommit(SimLog log, ResultSink.Publication publication) {}

    /** A job began to run in an engine. */
    default void onStart(String jobId, int running, int slots) {}

    /** Everything is over. */
    default void check(SimLog log) {}

    /** Names one submission of a job. */
    static String key(Job job) {
        return job.id() + "/" + job.replay();
    }

    /** Names the submission of a job that this is the result of. */
    static String key(JobResult result) {
        return result.id() + "/" + result.replay();
    }

    /** One committed result a job and replay, never two, never none. */
    final class EveryJobHasOneResult implements Guarantee {
        private final Set<String> seen = new HashSet<>();

        @Override
        public void onCommit(SimLog log, ResultSink.Publication publication) {
            for (JobResult result : publication.results()) {
                if (!seen.add(key(result))) {
                    throw new AssertionError("two committed results of job " + key(result));
                }
            }
        }

        @Override
        public void check(SimLog log) {
            for (int p = 0; p < log.jobs.size(); p++) {
                int partition = p;
                log.jobs.get(p).forEach((offset, job) -> {
                    if (!seen.contains(key(job))) {
                        throw new AssertionError("no result of job " + key(job) + " at " + partition + ":" + offset
                                + ", committed " + log.committed.get(partition));
                    }
                });
            }
        }
    }

    /** Every result is one of a job in the topic. */
    final class NoResultWithoutAJob implements Guarantee {
        @Override
        public void onCommit(SimLog log, ResultSink.Publication publication) {
            for (JobResult result : publication.results()) {
                int partition = (int) (result.id().index() % log.jobs.size());
                if (log.jobs.get(partition).values().stream().noneMatch(j -> key(j).equals(key(result)))) {
                    throw new AssertionError("a result of job " + key(result) + ", which was never submitted");
                }
            }
        }
    }

    /** What is committed as done has its result committed, in the same transaction or before. */
    final class CommitNeverPassesUnfinished implements Guarantee {
        private final Set<String> answered = new HashSet<>();
        private final Map<Integer, Long> offsets = new HashMap<>();

        @Override
        public void onCommit(SimLog log, ResultSink.Publication publication) {
            publication.results().forEach(r -> answered.add(key(r)));
            publication.commits().forEach((partition, commit) -> {
                long before = offsets.getOrDefault(partition, 0L);
                if (commit.offset() < before) {
                    throw new AssertionError("partition " + partition + " went back from " + before + " to " + commit);
                }
                CommitMetadata metadata = CommitMetadata.decode(commit.offset(), commit.metadata());
                log.jobs.get(partition).tailMap(before).forEach((offset, job) -> {
                    boolean done = offset < commit.offset() || metadata.done().contains(offset);
                    if (done && !answered.contains(key(job))) {
                        throw new AssertionError("job " + key(job) + " at " + partition + ":" + offset
                                + " is committed as done without a result: " + commit);
                    }
                });
                offsets.put(partition, commit.offset());
            });
        }
    }

    /** Whoever collects, in whatever order, has one line a job in the end: an answer wherever there is one. */
    final class CollectorHasOneLineAJob implements Guarantee {
        @Override
        public void check(SimLog log) {
            List<JobResult> results = new ArrayList<>(log.results);
            Collections.shuffle(results, new Random(results.size()));
            RunLedger ledger = new RunLedger();
            results.forEach(ledger::accept);
            Set<Long> jobs = new HashSet<>();
            Set<Long> answered = new HashSet<>();
            for (JobResult result : results) {
                jobs.add(result.id().index());
                if (result instanceof JobResult.Completed) {
                    answered.add(result.id().index());
                }
            }
            if (!ledger.complete(jobs.size(), log.replays) || ledger.totals().duplicates() > 0) {
                throw new AssertionError("collected " + ledger.totals() + " and " + ledger.replays() + " of "
                        + log.replays + " replays of " + jobs.size() + " jobs");
            }
            if (ledger.totals().answered() != answered.size() || ledger.totals().jobs() != jobs.size()) {
                throw new AssertionError("collected " + ledger.totals() + " of " + jobs.size() + " jobs, "
                        + answered.size() + " answered");
            }
        }
    }

    /** The topic holds each job of the plan once, however many submitters there were. */
    record JobsAreSubmittedOnce(World world) implements Guarantee {
        @Override
        public void check(SimLog log) {
            List<String> found = new ArrayList<>();
            log.jobs.forEach(partition ->
                    partition.values().stream().filter(job -> job.replay() == 0).forEach(job -> found.add(key(job))));
            List<String> planned =
                    new ArrayList<>(world.plan.stream().map(Guarantee::key).toList());
            Collections.sort(found);
            Collections.sort(planned);
            if (!found.equals(planned)) {
                throw new AssertionError("the topic holds " + found + ", planned were " + planned);
            }
        }
    }

    /** A job is not started for ever: each loss costs a start; a hand-over that is cut off and a refusal cost one as well. */
    record AttemptsBounded(World world) implements Guarantee {
        @Override
        public void onStart(String jobId, int running, int slots) {
            int most = Quarantine.CONDEMNED_FROM + 4 + 2 * world.faults;
            if (world.starts.getOrDefault(jobId, 0) > most) {
                throw new AssertionError(
                        "job " + jobId + " was started " + world.starts.get(jobId) + " times, more than " + most);
            }
        }
    }

    /** Poison ends as condemned, and nothing else does unless faults from outside hit it again and again. */
    record PoisonAloneIsCondemned(World world) implements Guarantee {
        @Override
        public void onCommit(SimLog log, ResultSink.Publication publication) {
            for (JobResult result : publication.results()) {
                String id = result.id().toString();
                boolean condemned = result instanceof JobResult.Failed failed
                        && (failed.kind() == FailureKind.ENGINE_DIED || failed.kind() == FailureKind.WORKER_LOST);
                boolean withdrawn = result instanceof JobResult.Failed failed
                        && (failed.kind() == FailureKind.CANCELLED || failed.kind() == FailureKind.DEADLINE);
                if (world.poison.contains(id) && !condemned && !withdrawn) {
                    throw new AssertionError("poison " + id + " ended as " + result);
                }
                int outside = world.externalHits.getOrDefault(id, 0);
                if (!world.poison.contains(id) && condemned && outside < 2) {
                    throw new AssertionError(
                            "innocent " + id + " was condemned after " + outside + " faults: " + result);
                }
            }
        }
    }

    /** An engine never runs more than it has slots. */
    final class SlotsNeverOverbooked implements Guarantee {
        @Override
        public void onStart(String jobId, int running, int slots) {
            if (running > slots) {
                throw new AssertionError(running + " jobs run in " + slots + " slots");
            }
        }
    }
}
