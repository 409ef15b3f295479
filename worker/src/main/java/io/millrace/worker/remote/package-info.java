/**
 * The engine in a process of its own, so that native code that aborts takes no worker with it: the parent's end and the
 * child's, and the frames between them.
 * Threads: engine-reader, engine-writer, engine-log at the parent; engine-writer beside the decode loop's at the child.
 * May use decode, pipeline's Decoder port, {@code io.millrace.wire}, {@code io.millrace.job} and Jackson.
 */
package io.millrace.worker.remote;
