package io.millrace.producer.report.html;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/**
 * Lets JSON stand in a script element: what could end the element or begin a comment, which JSON has in its texts only, becomes
 * an escape there.
 *
 * <p>Confined to the reporting thread.
 */
final class ScriptSafe extends FilterWriter {

    ScriptSafe(Writer out) {
        super(out);
    }

    @Override
    public void write(int character) throws IOException {
        if (character == '<' || character == '>' || character == '&' || character == 0x2028 || character == 0x2029) {
            out.write(String.format("\\u%04x", character));
        } else {
            out.write(character);
        }
    }

    @Override
    public void write(char[] characters, int start, int length) throws IOException {
        for (int i = start; i < start + length; i++) {
            write(characters[i]);
        }
    }

    @Override
    public void write(String text, int start, int length) throws IOException {
        for (int i = start; i < start + length; i++) {
            write(text.charAt(i));
        }
    }
}
