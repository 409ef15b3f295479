/**
 * The status page: pictures of a cluster over HTTP and server-sent events.
 * On one event loop.
 * May use the producer's view, the report's page parts and Vert.x.
 */
package io.millrace.cli.http;
