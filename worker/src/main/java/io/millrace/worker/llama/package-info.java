/**
 * llama.cpp as the engine: loads the native libraries and a GGUF model, tokenises, decodes and samples.
 * An engine belongs to the decode thread, its tokenizer and figures to everybody.
 * May use decode's ports, chat's segments, schedule's plan, {@code EngineInfo} and {@code io.millrace.llamacpp}.
 */
package io.millrace.worker.llama;
