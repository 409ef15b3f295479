package io.millrace.producer.score;

/**
 * McNemar's exact test of two points that each pass or fail the same tasks: among the tasks on which they disagree either
 * one is right as often as the other, if there is no difference. Thread-safe.
 */
public final class McNemar {

    private McNemar() {}

    /**
     * The two-sided p-value: twice the binomial tail, at most 1.
     *
     * @param onlyFirst tasks that the first passes and the second fails
     * @param onlySecond tasks that the second passes and the first fails
     */
    public static double pValue(int onlyFirst, int onlySecond) {
        if (onlyFirst < 0 || onlySecond < 0) {
            throw new IllegalArgumentException("counts must not be negative: " + onlyFirst + " and " + onlySecond);
        }
        int trials = Math.addExact(onlyFirst, onlySecond);
        int smaller = Math.min(onlyFirst, onlySecond);
        // By logarithms: 0.5^trials alone would be 0 from 1,075 trials on.
        double logTerm = -trials * Math.log(2);
        double tail = 0;
        for (int i = 0; i <= smaller; i++) {
            tail += Math.exp(logTerm);
            logTerm += Math.log((double) (trials - i) / (i + 1));
        }
        return Math.min(1, 2 * tail);
    }
}
