package io.millrace.worker.decode;

import java.util.concurrent.CountDownLatch;

/** What goes wrong in a {@link ScriptedEngine}, at which of its steps, counted from 1. */
public sealed interface Fault {

    int step();

    /** The step fails and its slots are lost. */
    record ThrowAtStep(int step, String message) implements Fault {}

    /** The step tells that it has begun and waits. */
    record Stall(int step, CountDownLatch begun, CountDownLatch released) implements Fault {}

    /** The process ends on the spot. */
    record DieAtStep(int step, int status) implements Fault {}
}
