package io.millrace.job;

/**
 * A field of a job has a value that it may not have.
 *
 * <p>Immutable.
 */
public final class InvalidFieldException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String value;
    private final String rule;

    /** The message is {@code <field> <rule>, not <value>}, with a long value cut. */
    public InvalidFieldException(String field, String value, String rule) {
        super(field + " " + rule + ", not " + (value.length() > 60 ? value.substring(0, 60) + "..." : value));
        this.field = field;
        this.value = value;
        this.rule = rule;
    }

    public String field() {
        return field;
    }

    public String value() {
        return value;
    }

    public String rule() {
        return rule;
    }
}
