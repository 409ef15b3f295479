/**
 * The header of GGUF files, read and checked in Java before native code sees the file.
 * Any thread.
 * May use the JDK alone.
 */
package io.millrace.worker.gguf;
