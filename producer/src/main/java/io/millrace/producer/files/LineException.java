package io.millrace.producer.files;

/** A line or a field of it is wrong; becomes a {@link BadLine}. Immutable. */
public final class LineException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String field;

    public LineException(String field, String what) {
        super(what, null, false, false);
        this.field = field;
    }

    public String field() {
        return field;
    }

    /** The same with a path before the field's name. */
    public LineException under(String parent) {
        return new LineException(field.isEmpty() ? parent : parent + "." + field, getMessage());
    }
}
