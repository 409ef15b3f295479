/**
 * Watches a cluster: follows Kafka and the workers' figures and makes pictures of them.
 * One thread of its own, and two for the workers' answers.
 * May use the producer's Kafka adapter and view, and the JDK.
 */
package io.millrace.cli.watch;
