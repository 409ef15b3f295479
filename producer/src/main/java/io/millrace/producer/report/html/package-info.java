/**
 * Adapter: reports into one HTML file that needs nothing else; its template, scripts and style are resources beside.
 * All of it belongs to the reporting thread.
 * May use {@code producer.report}, its JSON, java.nio, Jackson, jmustache and uPlot's webjar.
 */
package io.millrace.producer.report.html;
