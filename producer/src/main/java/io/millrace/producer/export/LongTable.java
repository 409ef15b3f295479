package io.millrace.producer.export;

import java.util.Arrays;

/**
 * A map from longs to ints that are not negative, 12 bytes a place.
 *
 * <p>Confined to one thread.
 */
final class LongTable {
    private long[] keys = new long[1024];
    private int[] values = new int[1024];
    private int size;

    LongTable() {
        Arrays.fill(values, -1);
    }

    /** The value that the key has already, or -1 where it has none and now has this one. */
    int putIfAbsent(long key, int value) {
        if (size * 2 > keys.length) {
            grow();
        }
        int place = place(key);
        if (values[place] >= 0) {
            return values[place];
        }
        keys[place] = key;
        values[place] = value;
        size++;
        return -1;
    }

    private int place(long key) {
        int mask = keys.length - 1;
        int place = (int) Hashes.mix(key) & mask;
        while (values[place] >= 0 && keys[place] != key) {
            place = (place + 1) & mask;
        }
        return place;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = new int[oldKeys.length * 2];
        Arrays.fill(values, -1);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] >= 0) {
                int place = place(oldKeys[i]);
                keys[place] = oldKeys[i];
                values[place] = oldValues[i];
            }
        }
    }
}
