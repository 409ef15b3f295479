package io.millrace.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/**
 * A line of text in styles.
 *
 * <p>Confined to its owner's thread.
 */
public final class Line {
    private static final String RESET = "\u001b[0m";

    private final List<Piece> pieces = new ArrayList<>();

    /** How a piece looks. */
    public enum Style {
        PLAIN(""),
        STRONG("\u001b[1m"),
        QUIET("\u001b[2m"),
        GOOD("\u001b[32m"),
        BAD("\u001b[31m"),
        WARN("\u001b[33m");

        private final String escape;

        Style(String escape) {
            this.escape = escape;
        }
    }

    private record Piece(Style style, String text) {}

    /** A line of one piece. */
    static Line of(Style style, String text) {
        return new Line().add(style, text);
    }

    /** What could move the cursor or give orders to a terminal becomes a question mark. */
    Line add(Style style, String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints().map(Line::safe).forEach(safe::appendCodePoint);
        pieces.add(new Piece(style, safe.toString()));
        return this;
    }

    private static int safe(int codePoint) {
        if (codePoint == '\n' || codePoint == '\t') {
            return ' ';
        }
        int type = Character.getType(codePoint);
        boolean order = type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
        return order ? '?' : codePoint;
    }

    /** Without styles, cut at so many characters. */
    public String plain(int width) {
        return rendered(width, false);
    }

    /** With the escapes of a terminal, cut at so many characters. */
    public String styled(int width) {
        return rendered(width, true);
    }

    private String rendered(int width, boolean styled) {
        StringBuilder out = new StringBuilder();
        int left = width;
        for (Piece piece : pieces) {
            int length = piece.text.codePointCount(0, piece.text.length());
            String text = length <= left ? piece.text : piece.text.substring(0, piece.text.offsetByCodePoints(0, left));
            boolean escape = styled && piece.style != Style.PLAIN && !text.isEmpty();
            out.append(escape ? piece.style.escape : "").append(text).append(escape ? RESET : "");
            left -= Math.min(length, left);
        }
        return styled ? out.toString() : out.toString().stripTrailing();
    }
}
