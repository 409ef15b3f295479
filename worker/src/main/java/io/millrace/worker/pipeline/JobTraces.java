package io.millrace.worker.pipeline;

import io.millrace.job.Job;
import io.millrace.job.JobId;
import io.millrace.job.JobResult;
import io.millrace.job.Traceparent;
import java.util.Optional;

/**
 * Told of the life of each job, for whoever watches from outside. Calls come on the pipeline's thread and return at once,
 * whatever is at the other end.
 */
public interface JobTraces {

    /** Watches nothing; what came with a job is passed on with its result. */
    JobTraces NONE = (id, job, parent) -> new PassedOn(parent);

    /**
     * A job is about to go to the engine, or fails without having been there.
     *
     * @param job empty for a record that is none
     * @param parent what came with its record
     */
    Trace begin(JobId id, Optional<Job> job, Optional<Traceparent> parent);

    /** The life of one job in this worker. */
    interface Trace {

        /** What its result carries on. */
        Optional<Traceparent> context();

        /** It goes to the engine. */
        void started(int attempt);

        /** The engine gave it back, and it waits for the next attempt. */
        void again(String reason);

        /** Its result is made and waits for its publication. */
        void ended(JobResult result);

        /** Its result is committed: the end. */
        void committed();

        /** Its partition goes to another worker, which runs it again unless its result is committed: the end. */
        void dropped();
    }

    /** A job that nobody watches. Immutable. */
    record PassedOn(Optional<Traceparent> context) implements Trace {

        @Override
        public void started(int attempt) {}

        @Override
        public void again(String reason) {}

        @Override
        public void ended(JobResult result) {}

        @Override
        public void committed() {}

        @Override
        public void dropped() {}
    }
}
