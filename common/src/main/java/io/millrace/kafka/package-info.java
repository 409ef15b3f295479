/**
 * What both programs need of Kafka: client settings, the topics and a group's first offsets, and how to ride out a broker
 * that is away.
 * May use {@code io.millrace.wire} and the Kafka clients.
 */
package io.millrace.kafka;
