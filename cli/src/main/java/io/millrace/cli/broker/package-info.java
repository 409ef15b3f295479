/**
 * A Kafka broker in this process, for one machine.
 * May use Kafka's server classes, which nothing else in Millrace may.
 */
package io.millrace.cli.broker;
