/** Megatron's indexed datasets (.bin and .idx), and the files that the reference project's pretokenizer puts beside them. */
package io.millrace.producer.megatron;
