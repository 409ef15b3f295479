package io.millrace.producer.dataset;

import com.fasterxml.jackson.core.JsonToken;
import io.millrace.producer.files.InputException;
import io.millrace.producer.files.LineException;
import io.millrace.producer.files.RawObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A text with <code>{{column}}</code> in it.
 *
 * <p>Immutable.
 *
 * @param texts what stands before, between and behind the columns; one more than those
 * @param columns names, in order
 */
public record Template(List<String> texts, List<String> columns) {

    public Template {
        texts = List.copyOf(texts);
        columns = List.copyOf(columns);
    }

    /** @throws InputException when braces do not match or no column is named */
    public static Template of(String text) {
        List<String> texts = new ArrayList<>();
        List<String> columns = new ArrayList<>();
        int at = 0;
        for (int open = text.indexOf("{{"); open >= 0; open = text.indexOf("{{", at)) {
            int close = text.indexOf("}}", open);
            if (close < 0) {
                throw new InputException(
                        "--template: '{{' at character " + (open + 1) + " has no '}}' behind it; write {{column}}");
            }
            String column = text.substring(open + 2, close).strip();
            if (column.isEmpty()) {
                throw new InputException(
                        "--template: '{{}}' at character " + (open + 1) + " names no column; write {{column}}");
            }
            texts.add(text.substring(at, open));
            columns.add(column);
            at = close + 2;
        }
        if (columns.isEmpty()) {
            throw new InputException("--template: names no column, so that all prompts would be alike;"
                    + " write one as {{column}}, for example 'Summarise: {{text}}'");
        }
        texts.add(text.substring(at));
        return new Template(texts, columns);
    }

    /** @throws LineException naming every column that the row does not have */
    String fill(RawObject row) throws LineException, IOException {
        Set<String> missing = new LinkedHashSet<>();
        StringBuilder filled = new StringBuilder(texts.get(0));
        for (int i = 0; i < columns.size(); i++) {
            int field = row.find(columns.get(i));
            if (field < 0) {
                missing.add(columns.get(i));
            } else if (row.token(field) == JsonToken.VALUE_STRING) {
                filled.append(row.text(field));
            } else if (row.token(field).isScalarValue()) {
                filled.append(row.raw(field));
            } else {
                throw new LineException(
                        columns.get(i), "must be a text or a number for --template, not " + row.shown(field));
            }
            filled.append(texts.get(i + 1));
        }
        if (!missing.isEmpty()) {
            throw new LineException(
                    String.join(", ", missing),
                    (missing.size() == 1 ? "is" : "are") + " missing or null, and --template needs "
                            + (missing.size() == 1 ? "it" : "them") + "; " + Names.of(row));
        }
        return filled.toString();
    }
}
