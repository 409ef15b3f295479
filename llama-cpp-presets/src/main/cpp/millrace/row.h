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

// Largest value of each block.
MILLRACE_CLONES static void block_maxima(const float * row, int n, float * maxima) {
    const int whole = n / BLOCK;
    for (int b = 0; b < whole; ++b) {
        const float * x = row + b * BLOCK;
        float lanes[16];
        for (int q = 0; q < 16; ++q) lanes[q] = x[q] > -INFINITY ? x[q] : -INFINITY;
        for (int q = 0; q < 16; ++q) lanes[q] = x[16 + q] > lanes[q] ? x[16 + q] : lanes[q];
        for (int width = 8; width > 0; width /= 2)
            for (int q = 0; q < width; ++q) lanes[q] = lanes[q + width] > lanes[q] ? lanes[q + width] : lanes[q];
        maxima[b] = lanes[0];
    }
    if (whole * BLOCK < n) {
        float best = -INFINITY;
        for (int i = whole * BLOCK; i < n; ++i) best = row[i] > best ? row[i] : best;
        maxima[whole] = best;
    }
}

// e^x for x <= 0, relative error about 1e-7; 0 below -87 and for NaN. Range reduction by ln 2 in two parts, then Taylor.
static inline float exp_of_negative(float x) {
    const float clamped = x > -87.0f ? x : -87.0f;
    const float rounded = clamped * 1.44269504f + 12582912.0f; // adding 1.5 * 2^23 rounds to an integer
    const float n = rounded - 12582912.0f;
    const float f = (clamped - n * 0.693145751953125f) - n * 1.42860682e-6f;
    float p = 1.98412698e-4f;
    p = p * f + 1.38888889e-3f;
    p = p * f + 8.33333333e-3f;
    p = p * f + 4.16666667e-2f;
    p = p * f + 1.66666667e-1f;
    p = p * f + 0.5f;
    p = p * f + 1.0f;
    p = p * f + 1.0f;
    const int32_t bits = ((int32_t) n + 127) << 23;
    float scale;
    std::memcpy(&scale, &bits, sizeof scale);
    return x > -87.0f ? p * scale : 0.0f;
}

// Sums of e^((x - peak) * scale) over each SUM_BLOCK values.
MILLRACE_CLONES static void block_exp_sums(const float * row, int n, float peak, float scale, double * sums) {
    for (int b = 0; b * SUM_BLOCK < n; ++b) {
        const float * x = row + b * SUM_BLOCK;
        const int count = n - b * SUM_BLOCK < SUM_BLOCK ? n - b * SUM_BLOCK : SUM_BLOCK;
        float lanes[16] = {0};
        int i = 0;
        for (; i + 16 <= count; i += 16)
            for (int q = 0; q < 16; ++q) lanes[q] += exp_of_negative((x[i + q] - peak) * scale);
        double sum = 0;
        for (; i < count; ++i) sum += exp_of_negative((x[i] - peak) * scale);
        for (int q = 0; q < 16; ++q) sum += lanes[q];
        sums[b] = sum;
    }
}

} // namespace millrace
