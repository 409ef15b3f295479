package io.millrace.producer.files;

/** What a JSON text must be so that it can be written as UTF-8 again. Thread-safe. */
final class Texts {

    private Texts() {}

    /** Half a surrogate pair, which an escape can write, has no UTF-8. */
    static String requireWhole(String text, String field) throws LineException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else {
                throw new LineException(
                        field,
                        String.format(
                                "holds half of a surrogate pair, \\u%04x at character %d; write the whole pair or leave it out",
                                (int) c, i + 1));
            }
        }
        return text;
    }
}
