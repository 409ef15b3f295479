// Passes over one row of logits, written so that the compiler turns them into vector code. NaN never wins a comparison.
#pragma once

#include <cfloat>
#include <cmath>
#include <cstdint>
#include <cstring>

// One version per instruction set, chosen when the library is loaded.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define MILLRACE_CLONES __attribute__((noinline, target_clones("avx512f", "avx2", "default")))
#else
#define MILLRACE_CLONES __attribute__((noinline))
#endif

namespace millrace {

// Width of a block: with 2,048 tokens there are still 64 blocks, more than the usual top_k.
constexpr int BLOCK = 32;
// Width of a partial sum of the exponentials.
constexpr int SUM_BLOCK = 256;

static inline int blocks_of(int n, int width) { return (n + width - 1) / width; }

// 16 floats; the compiler lowers them to what the instruction set has.
typedef float lanes __attribute__((vector_size(64)));
typedef int32_t lanes_int __attribute__((vector_size(64)));

#define MILLRACE_INLINE __attribute__((always_inline)) static inline

MILLRACE_INLINE lanes load(const float * from) {
    lanes x;
    std::memcpy(&x, from, sizeof x);
    return x;
}

// Largest value of each block.
MILLRACE_CLONES static void block_maxima(const float * row, int n, float * maxima) {
    const lanes none = lanes{} - INFINITY;
    const int whole = n / BLOCK;
    for (int b = 0; b < whole; ++b) {
        const lanes first = load(row + b * BLOCK);
        const lanes second = load(row + b * BLOCK + 16);
        lanes most = first > none ? first : none; // a NaN goes here
        most = second > most ? second : most;
        float best = most[0];
        for (int q = 1; q < 16; ++q) best = most[q] > best ? most[q] : best;
        maxima[b] = best;
    }
    if (whole * BLOCK < n) {
        float best = -INFINITY;
        for (int i = whole * BLOCK; i < n; ++i) best = row[i] > best ? row[i] : best;
        maxima[whole] = best;
    }
}

// e^x for x <= 0, relative error about 1e-7; 0 below -87 and for NaN. Range reduction by ln 2 in two parts, then Taylor.
MILLRACE_INLINE lanes exp_of_negative(lanes x) {
    const lanes lowest = lanes{} - 87.0f;
    const lanes clamped = x > lowest ? x : lowest;
    const lanes rounded = clamped * 1.44269504f + 12582912.0f; // adding 1.5 * 2^23 rounds to an integer
    const lanes n = rounded - 12582912.0f;
    const lanes f = (clamped - n * 0.693145751953125f) - n * 1.42860682e-6f;
    lanes p = f * 1.98412698e-4f + 1.38888889e-3f;
    p = p * f + 8.33333333e-3f;
    p = p * f + 4.16666667e-2f;
    p = p * f + 1.66666667e-1f;
    p = p * f + 0.5f;
    p = p * f + 1.0f;
    p = p * f + 1.0f;
    const lanes_int bits = (__builtin_convertvector(n, lanes_int) + 127) << 23;
    lanes scale;
    std::memcpy(&scale, &bits, sizeof scale);
    return x > lowest ? p * scale : lanes{};
}

// Replaces up to 16 values by e^((x - peak) * scale), the rest of the 16 by 0.
MILLRACE_INLINE lanes weights_of(const float * from, int count, float peak, float scale) {
    lanes x;
    if (count >= 16) {
        x = load(from);
    } else {
        x = lanes{} - INFINITY;
        std::memcpy(&x, from, (size_t) count * sizeof(float));
    }
    return exp_of_negative((x - peak) * scale);
}

// Sums of e^((x - peak) * scale) over each SUM_BLOCK values.
MILLRACE_CLONES static void block_exp_sums(const float * row, int n, float peak, float scale, double * sums) {
    for (int b = 0; b * SUM_BLOCK < n; ++b) {
        const int end = (b + 1) * SUM_BLOCK < n ? (b + 1) * SUM_BLOCK : n;
        lanes total = {};
        for (int i = b * SUM_BLOCK; i < end; i += 16) total += weights_of(row + i, end - i, peak, scale);
        double sum = 0;
        for (int q = 0; q < 16; ++q) sum += total[q];
        sums[b] = sum;
    }
}

// e^((x - peak) * scale) of each value.
MILLRACE_CLONES static void exp_all(const float * values, int n, float peak, float scale, float * weights) {
    for (int i = 0; i < n; i += 16) {
        const lanes w = weights_of(values + i, n - i, peak, scale);
        std::memcpy(weights + i, &w, (size_t) (n - i < 16 ? n - i : 16) * sizeof(float));
    }
}

} // namespace millrace
