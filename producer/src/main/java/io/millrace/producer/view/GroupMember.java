package io.millrace.producer.view;

/**
 * A worker as its group knows it.
 *
 * <p>Immutable.
 *
 * @param instance its id in the group
 */
public record GroupMember(String model, String instance, int partitions) {}
