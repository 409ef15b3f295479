/**
 * Adapter: evaluations out of the files of runs and out of sampling reports, and reports into JSON.
 * All of it belongs to the reporting thread.
 * May use {@code io.millrace.job}, {@code producer.files}, {@code producer.report}, java.nio and Jackson.
 */
package io.millrace.producer.report.json;
