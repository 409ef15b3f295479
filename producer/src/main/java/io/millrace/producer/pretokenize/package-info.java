/**
 * From chats to packed training data, as the reference project's pretokenizer makes it: settings, splits, ChatML with a
 * role for every token, statistics. Pure: files, JSON and the vocabulary come in through ports.
 */
package io.millrace.producer.pretokenize;
