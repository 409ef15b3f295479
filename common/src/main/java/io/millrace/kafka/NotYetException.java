package io.millrace.kafka;

import org.apache.kafka.common.errors.RetriableException;

/** It did not succeed this time, and {@link BrokerCalls} is to try it again from its start. */
public final class NotYetException extends RetriableException {
    private static final long serialVersionUID = 1L;

    NotYetException(String message) {
        super(message);
    }
}
