package io.millrace.producer.dataset;

import io.millrace.producer.files.InputException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The user's mapping of columns to jobs.
 *
 * <p>Immutable.
 *
 * @param prompt the column that holds the user's message
 * @param messages the column that holds the chat
 * @param template makes the user's message from several columns
 * @param id the column that names the row
 * @param oasstTopK keep only threads whose answers all rank below this in a message tree
 * @param oasstLang languages of the message trees to take, with commas
 */
public record Columns(
        Optional<String> prompt,
        Optional<String> messages,
        Optional<Template> template,
        Optional<String> id,
        OptionalInt oasstTopK,
        String oasstLang) {

    /** Names of fields say what a row is. */
    public static final Columns TOLD_BY_NAME = new Columns(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty(), "en");

    public Columns {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(oasstTopK, "oasstTopK");
        oasstLang = oasstLang.toLowerCase(Locale.ROOT);
        int given = (prompt.isPresent() ? 1 : 0) + (messages.isPresent() ? 1 : 0) + (template.isPresent() ? 1 : 0);
        if (given > 1) {
            throw new InputException("--prompt-column, --messages-column and --template each say what the message is;"
                    + " give one of them");
        }
    }

    boolean mapped() {
        return prompt.isPresent() || messages.isPresent() || template.isPresent();
    }
}
