package io.millrace.producer.dataset;

import java.util.Optional;

/**
 * What a row became, still as JSON.
 *
 * <p>Immutable.
 *
 * @param id the name that the row gives itself
 * @param field {@code prompt}, {@code messages} or, for an OpenAI batch line as it is, {@code line}
 * @param value of that field
 * @param metadata the inside of an object with all other columns; empty where there are none
 */
record RowTask(Optional<String> id, String field, String value, String metadata) {}
