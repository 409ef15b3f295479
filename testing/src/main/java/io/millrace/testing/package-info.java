/**
 * What tests of several modules share; no part of the command.
 * Confined to each test's thread.
 * May use the JDK and Jackson.
 */
package io.millrace.testing;
