package io.millrace.kafka;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which settings are secret, and texts without them. */
final class Secrets {
    private static final Pattern SECRET_KEY =
            Pattern.compile("password|secret|jaas|token|credential|key", Pattern.CASE_INSENSITIVE);
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]+)\"|'([^']+)'|=\\s*([^\\s;\"']+)");
    private static final String HIDDEN = "(hidden)";
    /** Hiding shorter texts would blot out ordinary words of a message. */
    private static final int LEAST_LENGTH = 4;

    private Secrets() {}

    static boolean isSecret(String key) {
        return SECRET_KEY.matcher(key).find();
    }

    static Map<String, String> hide(Map<String, Object> settings) {
        Map<String, String> shown = new TreeMap<>();
        settings.forEach((key, value) -> shown.put(key, isSecret(key) ? HIDDEN : value.toString()));
        return shown;
    }

    /** Cuts every secret value, and the quoted or assigned parts of it, out of a text. */
    static String redact(String text, Map<String, Object> settings) {
        List<String> secrets = new ArrayList<>();
        settings.forEach((key, value) -> {
            if (isSecret(key)) {
                secrets.add(value.toString());
                Matcher parts = QUOTED.matcher(value.toString());
                while (parts.find()) {
                    for (int group = 1; group <= 3; group++) {
                        if (parts.group(group) != null) {
                            secrets.add(parts.group(group));
                        }
                    }
                }
            }
        });
        secrets.sort(Comparator.comparingInt(String::length).reversed());
        String redacted = text;
        for (String secret : secrets) {
            if (secret.length() >= LEAST_LENGTH) {
                redacted = redacted.replace(secret, HIDDEN);
            }
        }
        return redacted;
    }
}
