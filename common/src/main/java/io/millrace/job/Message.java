package io.millrace.job;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * One turn of a chat.
 *
 * <p>Immutable.
 *
 * @param role {@code system}, {@code user}, {@code assistant} or another word that the chat template knows
 * @param content the text, without any wrapper tokens
 */
public record Message(String role, String content) {

    public static final String SYSTEM = "system";
    public static final String USER = "user";
    public static final String ASSISTANT = "assistant";

    private static final Pattern ROLE = Pattern.compile("[a-z_]{1,32}");

    public Message {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(content, "content");
        if (!ROLE.matcher(role).matches()) {
            throw new IllegalArgumentException(
                    "role '" + role + "' must be 1 to 32 lower-case letters or '_', such as system, user, assistant");
        }
    }
}
