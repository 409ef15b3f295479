/**
 * Health and figures of a worker over HTTP.
 * On the worker's event loop.
 * May use pipeline's figures, Vert.x and Micrometer.
 */
package io.millrace.worker.http;
