package io.millrace.producer.files;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Finds tasks with the same name among millions in little memory: the first look keeps 64 bits of each given name and
 * one bit of each name that comes from the line's number; only where two are equal does a second look, with {@link
 * #second}, keep names themselves, and only the suspect ones.
 *
 * <p>Confined to the reading thread.
 */
final class IdCheck {
    private static final String IMPLIED = "line-";

    private long[] hashes = new long[1024];
    private int size;
    /** Lines whose task is named after the line. */
    private final BitSet implied = new BitSet();
    /** Numbers n for which another line's task is named line-n. */
    private final BitSet given = new BitSet();
    /** Hashes that came twice, ascending; set by {@link #suspicious}. */
    private long[] suspects = new long[0];

    private final Map<String, Place> firstPlaces = new HashMap<>();

    /** First look. */
    void first(String id, int line) {
        OptionalLong number = impliedNumber(id);
        if (number.isPresent() && number.getAsLong() == line) {
            implied.set(line);
            return;
        }
        if (number.isPresent() && number.getAsLong() <= Integer.MAX_VALUE - 1) {
            given.set((int) number.getAsLong());
        }
        if (size == hashes.length) {
            hashes = Arrays.copyOf(hashes, size + (size >> 1));
        }
        hashes[size++] = hash(id);
    }

    /** Ends the first look: whether a second one is needed. */
    boolean suspicious() {
        Arrays.sort(hashes, 0, size);
        int found = 0;
        for (int i = 1; i < size; i++) {
            if (hashes[i] == hashes[i - 1] && (found == 0 || hashes[found - 1] != hashes[i])) {
                hashes[found++] = hashes[i];
            }
        }
        suspects = Arrays.copyOf(hashes, found);
        hashes = new long[1024];
        size = 0;
        given.and(implied);
        return found > 0 || !given.isEmpty();
    }

    /** Second look, over the same tasks in the same order: where an earlier task with this name is. */
    Optional<Place> second(String id, Place place) {
        OptionalLong number = impliedNumber(id);
        boolean clash = number.isPresent()
                && number.getAsLong() <= Integer.MAX_VALUE - 1
                && given.get((int) number.getAsLong());
        if (!clash && Arrays.binarySearch(suspects, hash(id)) < 0) {
            return Optional.empty();
        }
        return Optional.ofNullable(firstPlaces.putIfAbsent(id, place));
    }

    /** The n of {@code line-n}, written as {@link TaskReader#impliedId} writes it. */
    private static OptionalLong impliedNumber(String id) {
        if (!id.startsWith(IMPLIED) || id.length() == IMPLIED.length() || id.length() > IMPLIED.length() + 18) {
            return OptionalLong.empty();
        }
        long number = 0;
        for (int i = IMPLIED.length(); i < id.length(); i++) {
            char c = id.charAt(i);
            if (c < '0' || c > '9' || (c == '0' && number == 0)) {
                return OptionalLong.empty();
            }
            number = number * 10 + (c - '0');
        }
        return OptionalLong.of(number);
    }

    private static long hash(String id) {
        long hash = id.length();
        for (int i = 0; i < id.length(); i++) {
            hash = (hash ^ id.charAt(i)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return hash;
    }
}
