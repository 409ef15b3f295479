package io.millrace.simulation;

import io.millrace.job.JobResult;
import io.millrace.worker.delivery.CommitMetadata;
import io.millrace.worker.pipeline.ResultSink;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Something that must hold whatever happens; it throws an {@link AssertionError} as soon as it does not. */
interface Guarantee {

    /** A transaction of a worker was committed. */
    default void onCommit(SimLog log, ResultSink.Publication publication) {}

    /** A job began to run in an engine. */
    default void onStart(String jobId, int running, int slots) {}

    /** Everything is over. */
    default void check(SimLog log) {}

    /** One committed result a job, never two, never none. */
    final class EveryJobHasOneResult implements Guarantee {
        private final Set<String> seen = new HashSet<>();

        @Override
        public void onCommit(SimLog log, ResultSink.Publication publication) {
            for (JobResult result : publication.results()) {
                if (!seen.add(result.id().toString())) {
                    throw new AssertionError("two committed results of job " + result.id());
                }
            }
        }

        @Override
        public void check(SimLog log) {
            for (int p = 0; p < log.jobs.size(); p++) {
                int partition = p;
                log.jobs.get(p).forEach((offset, job) -> {
                    if (!seen.contains(job.id().toString())) {
                        throw new AssertionError("no result of job " + job.id() + " at " + partition + ":" + offset
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
                if (log.jobs.get(partition).values().stream().noneMatch(j -> j.id().equals(result.id()))) {
                    throw new AssertionError("a result of job " + result.id() + ", which was never submitted");
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
            publication.results().forEach(r -> answered.add(r.id().toString()));
            publication.commits().forEach((partition, commit) -> {
                long before = offsets.getOrDefault(partition, 0L);
                if (commit.offset() < before) {
                    throw new AssertionError("partition " + partition + " went back from " + before + " to " + commit);
                }
                CommitMetadata metadata = CommitMetadata.decode(commit.offset(), commit.metadata());
                log.jobs.get(partition).tailMap(before).forEach((offset, job) -> {
                    boolean done = offset < commit.offset() || metadata.done().contains(offset);
                    if (done && !answered.contains(job.id().toString())) {
                        throw new AssertionError("job " + job.id() + " at " + partition + ":" + offset
                                + " is committed as done without a result: " + commit);
                    }
                });
                offsets.put(partition, commit.offset());
            });
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
