package io.millrace.simulation;

import io.millrace.job.FailureKind;

/** What a job does to the engine that runs it. */
sealed interface Behaviour {

    /** Answers after this time. */
    record Answers(long millis) implements Behaviour {}

    /** Is refused so many times, then answers. */
    record RefusedFirst(int times, FailureKind kind, long millis) implements Behaviour {}

    /** Kills the engine's process after this time. */
    record KillsEngine(long millis) implements Behaviour {}

    /** Kills the whole worker after this time. */
    record KillsWorker(long millis) implements Behaviour {}
}
