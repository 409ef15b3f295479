package io.millrace.worker.pipeline;

import io.millrace.job.Choice;
import io.millrace.job.FailureKind;
import io.millrace.job.Job;
import io.millrace.job.Timings;
import io.millrace.job.Usage;
import java.util.List;

/**
 * The way to the engine: jobs go in whole, outcomes come out whole. It restarts a dead engine by itself and says so;
 * what was in flight is forgotten then and must be submitted again.
 */
public interface Decoder extends AutoCloseable {

    /** Starts the engine; from now on the listener is called, never for one ticket on two threads at a time. */
    void start(Listener listener);

    /**
     * Hands a job over. Only after {@link Listener#ready} and before {@link Listener#died}; a job handed over in between
     * is forgotten.
     *
     * @param ticket names this attempt in its outcome, unique in this decoder's life
     */
    void submit(long ticket, Job job);

    /** Stops the attempt if it still runs; there is no outcome then, unless it was already on its way. */
    void cancel(long ticket);

    /**
     * Ends the engine's process by force, whatever it does; {@link Listener#died} follows, and a new engine. An engine
     * without a process of its own cannot be killed.
     */
    default void kill(String reason) {
        throw new UnsupportedOperationException("an engine in this process cannot be killed: " + reason);
    }

    /** Stops the engine. */
    @Override
    void close();

    /** What the engine says. */
    interface Listener {

        /** The engine is up, for the first time or again. */
        void ready(EngineInfo info);

        /** Attempts that ended, at least one. */
        void finished(List<Outcome> outcomes);

        /** The engine is gone; it is being restarted. Every attempt without an outcome is forgotten. */
        void died(String reason);

        /** The engine cannot be started, now or ever. */
        void failed(String reason);

        /** Figures of the last seconds. */
        void figures(EngineFigures figures);
    }

    /** How an attempt ended. */
    sealed interface Outcome {

        long ticket();

        /** Every sample is there, in order of index. */
        record Answered(long ticket, List<Choice> choices, Usage usage, Timings timings) implements Outcome {
            public Answered {
                choices = List.copyOf(choices);
            }
        }

        /** The engine could not answer. */
        record Refused(long ticket, FailureKind kind, String message) implements Outcome {}
    }
}
