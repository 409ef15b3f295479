package io.millrace.job;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a trace, as W3C Trace Context writes it: version, trace, span, flags.
 *
 * <p>Immutable.
 *
 * @param text such as {@code 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01}
 */
public record Traceparent(String text) {
    private static final Pattern FORM = Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}");
    private static final String NO_TRACE = "0".repeat(32);
    private static final String NO_SPAN = "0".repeat(16);

    public Traceparent {
        if (!valid(text)) {
            throw new IllegalArgumentException("'" + text + "' is no traceparent: expected 00-<trace>-<span>-<flags>");
        }
    }

    /** Empty for anything that is none; whoever gets such a one starts anew, says the standard. */
    public static Optional<Traceparent> of(String text) {
        return valid(text) ? Optional.of(new Traceparent(text)) : Optional.empty();
    }

    private static boolean valid(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                && !matcher.group(1).equals(NO_TRACE)
                && !matcher.group(2).equals(NO_SPAN);
    }

    @Override
    public String toString() {
        return text;
    }
}
