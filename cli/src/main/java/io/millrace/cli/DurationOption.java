package io.millrace.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations as users write them: {@code 90s}, {@code 15m}, {@code 2h}, {@code 1d}. Thread-safe. */
final class DurationOption implements ITypeConverter<Duration> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(s|m|h|d)");

    @Override
    public Duration convert(String value) {
        Matcher form = FORM.matcher(value);
        if (!form.matches()) {
            throw new TypeConversionException(
                    "'" + value + "' is no duration: write a number and s, m, h or d, such as 90s or 2h");
        }
        long number = Long.parseLong(form.group(1));
        return switch (form.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    /** That time from now on, in milliseconds since 1970. */
    static OptionalLong fromNow(Optional<Duration> duration) {
        return duration.map(time -> OptionalLong.of(System.currentTimeMillis() + time.toMillis()))
                .orElseGet(OptionalLong::empty);
    }
}
