package io.millrace.simulation;

import io.millrace.job.Job;
import io.millrace.job.JobId;
import io.millrace.job.JobResult;
import io.millrace.job.Traceparent;
import io.millrace.worker.pipeline.JobTraces;
import java.util.Optional;

/**
 * The guarantee that whoever watches a job is told of one life in order: attempts, then its result, then its end, once.
 *
 * <p>Confined to the simulation's thread.
 */
final class TraceWatch implements JobTraces {

    @Override
    public Trace begin(JobId id, Optional<Job> job, Optional<Traceparent> parent) {
        return new Life(id);
    }

    private enum State {
        WAITS,
        RUNS,
        HAS_RESULT,
        OVER
    }

    private static final class Life implements Trace {
        private final JobId id;
        private State state = State.WAITS;

        Life(JobId id) {
            this.id = id;
        }

        @Override
        public Optional<Traceparent> context() {
            return Optional.empty();
        }

        @Override
        public void started(int attempt) {
            require(state == State.WAITS, "starts");
            state = State.RUNS;
        }

        @Override
        public void again(String reason) {
            require(state == State.RUNS, "waits for another attempt");
            state = State.WAITS;
        }

        @Override
        public void ended(JobResult result) {
            require(state == State.RUNS || state == State.WAITS, "has a result");
            state = State.HAS_RESULT;
        }

        @Override
        public void committed() {
            require(state == State.HAS_RESULT, "is committed");
            state = State.OVER;
        }

        @Override
        public void dropped() {
            require(state != State.OVER, "is dropped");
            state = State.OVER;
        }

        private void require(boolean holds, String event) {
            if (!holds) {
                throw new AssertionError("the trace of job " + id + " " + event + " while it " + state);
            }
        }
    }
}
