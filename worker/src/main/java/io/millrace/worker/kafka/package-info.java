/**
 * The worker's side of Kafka: one thread, {@code kafka-poll}, makes every call to consumer and transactional producer.
 * The pipeline hears of it on the event loop; take-over reads complete on the admin client's thread and hop back.
 * May use pipeline's ports, delivery's commit metadata and {@code io.millrace.wire}.
 */
package io.millrace.worker.kafka;
