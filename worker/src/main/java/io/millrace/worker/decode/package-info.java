/**
 * The engine's loop: takes jobs, schedules their sequences, steps the engine, gives back outcomes.
 * One platform thread, {@code decode-<model>}, owns everything here but the inbox and the tokenizer.
 * May use schedule, chat, pipeline's Decoder port and {@code io.millrace.job}.
 */
package io.millrace.worker.decode;
