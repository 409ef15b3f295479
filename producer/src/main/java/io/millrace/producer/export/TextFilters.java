package io.millrace.producer.export;

import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Filters that look at one sample. Thread-safe. */
final class TextFilters {
    /**
     * How refusals start, after the string match that XSTest publishes as its baseline. It takes full refusals and knows
     * English only.
     */
    private static final Pattern REFUSAL = Pattern.compile(
            "^\\W*(i'?m (very |really |so )?sorry|i am (very |really |so )?sorry|sorry|i apologi[sz]e|apologies|my apologies"
                    + "|i (can ?not|can'?t|could not|couldn'?t|won'?t|will not)"
                    + "( (in good conscience|ethically|legally))? (help|assist|provide|answer|comply|fulfil|fulfill|create"
                    + "|write|generate|give|offer|support|condone|engage|do that|satisfy)"
                    + "|i'?m (not able|unable) to|i am (not able|unable) to|i must (decline|refuse)"
                    + "|as an? (ai|artificial intelligence|large language model|language model|responsible))\\b");

    private static final int REFUSAL_CHARACTERS = 200;

    private TextFilters() {}

    private record Test(String name, Predicate<Completion> kept) implements Filter {
        @Override
        public boolean keeps(ExportRow row, Completion completion) {
            return kept.test(completion);
        }
    }

    static Filter finishReasons(Set<String> wanted) {
        return new Test("finish_reason", completion -> wanted.contains(completion.finishReason()));
    }

    static Filter characters(long least, long most) {
        return new Test("length", completion -> {
            long length = completion.text().codePointCount(0, completion.text().length());
            return length >= least && length <= most;
        });
    }

    static Filter tokens(long least, long most) {
        return new Test("tokens", completion -> completion.tokens() >= least && completion.tokens() <= most);
    }

    static Filter matching(Pattern pattern) {
        return new Test(
                "keep_regex", completion -> pattern.matcher(completion.text()).find());
    }

    static Filter notMatching(Pattern pattern) {
        return new Test(
                "drop_regex", completion -> !pattern.matcher(completion.text()).find());
    }

    static Filter notRefusing() {
        return new Test("refusal", completion -> !refuses(completion.text()));
    }

    static boolean refuses(String text) {
        String start = text.length() > REFUSAL_CHARACTERS ? text.substring(0, REFUSAL_CHARACTERS) : text;
        return REFUSAL.matcher(start.toLowerCase(Locale.ROOT).replace('\u2019', '\''))
                .find();
    }
}
