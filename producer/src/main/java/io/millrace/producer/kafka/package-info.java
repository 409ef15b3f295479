/**
 * The user's side of Kafka: jobs and manifests go in by transactions, results come out read_committed.
 * May use {@code io.millrace.kafka}, {@code io.millrace.wire}, {@code io.millrace.job} and the Kafka clients.
 */
package io.millrace.producer.kafka;
