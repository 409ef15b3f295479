package io.millrace.producer.score;

/**
 * The chance that at least one of k samples passes, estimated without bias from n samples of which c pass: {@code 1 -
 * C(n-c, k) / C(n, k)} (Chen et al. 2021, "Evaluating Large Language Models Trained on Code"). Thread-safe.
 */
public final class PassAtK {

    private PassAtK() {}

    /**
     * The estimate for one task.
     *
     * @param n samples
     * @param c those of them that pass
     * @param k at most n: fewer samples than k say nothing about k
     */
    public static double estimate(int n, int c, int k) {
        if (k < 1 || n < k || c < 0 || c > n) {
            throw new IllegalArgumentException(
                    "pass@k needs 1 <= k <= n and 0 <= c <= n, not n=" + n + " c=" + c + " k=" + k);
        }
        if (n - c < k) {
            return 1;
        }
        // C(n-c, k) / C(n, k) as a product: no factor is above 1, so nothing overflows.
        double none = 1;
        for (int i = n - c + 1; i <= n; i++) {
            none *= 1 - (double) k / i;
        }
        return 1 - none;
    }
}
