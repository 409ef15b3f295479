// Samples a token from a row of logits: llama.cpp's default order (logit bias, penalties, top-k, top-p, min-p, temperature,
// draw), without llama.cpp's copy of the whole vocabulary and without ever sorting it.
//
// Bias and penalties touch few tokens, so they are written into the row first; what the later passes see is exact. The
// best k are found from the largest values of blocks: the k-th largest of those is a lower bound of the k-th largest
// value, and only blocks that reach it are looked at.
#pragma once

#include "row.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <vector>

namespace millrace {

constexpr int32_t NO_TOKEN = -1;

struct candidate {
    int32_t id;
    float logit;
    float weight; // e^(logit - peak), set when top-p needs it
};

// Best first; the lower id of two equals, so that a draw does not depend on how the candidates were found.
static inline bool better(const candidate & a, const candidate & b) {
    return a.logit > b.logit || (a.logit == b.logit && a.id < b.id);
}

// What one thread needs while it samples a row.
struct workspace {
    std::vector<float> maxima;
    std::vector<float> ranked;
    std::vector<double> sums;
    std::vector<candidate> candidates;
    std::vector<float> logits; // of the candidates
    std::vector<float> weights;
    std::vector<int32_t> counts; // all 0 between rows

    explicit workspace(int n_vocab)
        : maxima(blocks_of(n_vocab, BLOCK)), sums(blocks_of(n_vocab, SUM_BLOCK)), counts(n_vocab, 0) {
        ranked.reserve(maxima.size());
        candidates.reserve(n_vocab);
        logits.reserve(n_vocab);
        weights.reserve(n_vocab);
    }
};

// Counts up from the seed and mixes (splitmix64): the i-th number depends on seed and i alone.
struct generator {
    uint64_t state = 0;

    double next() { // in [0, 1)
        uint64_t z = (state += 0x9e3779b97f4a7c15ull);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
        return (double) ((z ^ (z >> 31)) >> 11) * 0x1.0p-53;
    }
};

struct settings {
    float temperature = 0;
    int32_t top_k = 0;
    double top_p = 1;
    float min_p = 0;
    float repeat_penalty = 1;
    int32_t repeat_last_n = 0; // -1: all
    float presence_penalty = 0;
    float frequency_penalty = 0;

    bool penalizes() const {
        return repeat_last_n != 0 && (repeat_penalty != 1 || presence_penalty != 0 || frequency_penalty != 0);
    }
};

struct bias {
    int32_t id;
    float value;
};

class sampler {
  public:
    void seat(const settings & s, uint64_t seed, const int32_t * bias_ids, const float * bias_values, int32_t n_bias,
              const int32_t * prompt, int32_t n_prompt) {
        settings_ = s;
        random_.state = seed;
        biases_.clear();
        for (int32_t i = 0; i < n_bias; ++i) biases_.push_back({bias_ids[i], bias_values[i]});
        recent_.clear();
        oldest_ = 0;
        if (s.penalizes()) {
            const int32_t skipped = s.repeat_last_n < 0 ? 0 : std::max(0, n_prompt - s.repeat_last_n);
            for (int32_t i = skipped; i < n_prompt; ++i) accept(prompt[i]);
        }
    }

    // Draws a token and changes the row; the penalties do not see the token. NO_TOKEN when no token has a finite logit.
    int32_t draw_next(float * row, int n, workspace & w) {
        for (const bias & b : biases_) row[b.id] += b.value;
        if (settings_.penalizes()) penalize(row, w.counts);
        return choose(row, n, w);
    }

    // Draws again from a row that draw_next changed and from which tokens were taken out since.
    int32_t draw_again(const float * row, int n, workspace & w) { return choose(row, n, w); }

    // The token has come: penalties see it from now on.
    void take(int32_t token) {
        if (settings_.penalizes()) accept(token);
    }

  private:
    settings settings_;
    generator random_;
    std::vector<bias> biases_;
    std::vector<int32_t> recent_; // a ring once it holds repeat_last_n
    size_t oldest_ = 0;

    void accept(int32_t token) {
        if (settings_.repeat_last_n < 0 || recent_.size() < (size_t) settings_.repeat_last_n) {
            recent_.push_back(token);
        } else {
            recent_[oldest_] = token;
            oldest_ = oldest_ + 1 == recent_.size() ? 0 : oldest_ + 1;
        }
    }

    // The formula of llama_sampler_penalties.
    void penalize(float * row, std::vector<int32_t> & counts) const {
        for (int32_t token : recent_) counts[token]++;
        for (int32_t token : recent_) {
            const int32_t count = counts[token];
            if (count == 0) continue;
            counts[token] = 0;
            float & logit = row[token];
            logit = logit <= 0 ? logit * settings_.repeat_penalty : logit / settings_.repeat_penalty;
            logit -= (float) count * settings_.frequency_penalty + settings_.presence_penalty;
        }
    }

    int32_t choose(const float * row, int n, workspace & w) {
        block_maxima(row, n, w.maxima.data());
        const size_t top = (size_t) (std::max_element(w.maxima.begin(), w.maxima.end()) - w.maxima.begin());
        const float peak = w.maxima[top];
        if (!(peak >= -FLT_MAX && peak <= FLT_MAX)) return NO_TOKEN;
        if (settings_.temperature == 0 || settings_.top_k == 1) {
            for (int i = (int) top * BLOCK;; ++i)
                if (row[i] == peak) return i;
        }
        const bool all = settings_.top_k <= 0 || settings_.top_k >= n;
        if (!all) {
            best(row, n, settings_.top_k, w);
            if (settings_.top_p < 1) {
                weigh(peak, 1.0f, w);
                nucleus(std::accumulate(w.weights.begin(), w.weights.end(), 0.0), w);
            }
        } else if (settings_.top_p < 1) {
            nucleus_of_row(row, n, peak, w);
        } else if (settings_.min_p > 0) {
            collect(row, n, floor_of(peak), w);
        } else {
            return draw_from_row(row, n, peak, w);
        }
        return draw(peak, w);
    }

    // The least logit that min_p keeps.
    float floor_of(float peak) const {
        return settings_.min_p > 0 ? std::max(peak + std::log(settings_.min_p), -FLT_MAX) : -FLT_MAX;
    }

    static void collect(const float * row, int n, float least, workspace & w) {
        w.candidates.clear();
        for (size_t b = 0; b < w.maxima.size(); ++b) {
            if (!(w.maxima[b] >= least)) continue;
            const int end = std::min(n, ((int) b + 1) * BLOCK);
            for (int i = (int) b * BLOCK; i < end; ++i)
                if (row[i] >= least) w.candidates.push_back({i, row[i], 0});
        }
    }

    // The k best, in no order.
    static void best(const float * row, int n, int k, workspace & w) {
        float least = -FLT_MAX;
        if ((size_t) k < w.maxima.size()) {
            w.ranked.assign(w.maxima.begin(), w.maxima.end());
            std::nth_element(w.ranked.begin(), w.ranked.begin() + (k - 1), w.ranked.end(), std::greater<float>());
            least = std::max(least, w.ranked[k - 1]);
        }
        collect(row, n, least, w);
        if (w.candidates.size() > (size_t) k) {
            std::nth_element(w.candidates.begin(), w.candidates.begin() + k, w.candidates.end(), better);
            w.candidates.resize(k);
        }
    }

    // Weights of the candidates, in their order.
    static void weigh(float peak, float scale, workspace & w) {
        w.logits.clear();
        for (const candidate & c : w.candidates) w.logits.push_back(c.logit);
        w.weights.resize(w.logits.size());
        exp_all(w.logits.data(), (int) w.logits.size(), peak, scale, w.weights.data());
        for (size_t i = 0; i < w.candidates.size(); ++i) w.candidates[i].weight = w.weights[i];
    }

    // Keeps the best candidates whose weights reach top_p of the total: a quickselect by weight, so nothing that is far
    // from the end of the nucleus is ever sorted.
    void nucleus(double total, workspace & w) const {
        candidate * const c = w.candidates.data();
        const double wanted = settings_.top_p * total;
        double reached = 0; // of what stands before begin, all of which is kept
        size_t begin = 0;
        size_t end = w.candidates.size(); // what stands from here on is not kept
        while (end - begin > BLOCK) {
            const candidate pivot = middle(c[begin], c[begin + (end - begin) / 2], c[end - 1]);
            candidate * const split =
                std::partition(c + begin, c + end, [&](const candidate & x) { return !better(pivot, x); });
            double mass = 0;
            for (candidate * x = c + begin; x < split; ++x) mass += x->weight;
            if (reached + mass >= wanted) {
                end = (size_t) (split - c);
            } else {
                reached += mass;
                begin = (size_t) (split - c);
            }
        }
        std::sort(c + begin, c + end, better);
        while (begin < end && reached < wanted) reached += c[begin++].weight;
        w.candidates.resize(begin);
    }

    // Never the worst of the three, so that a partition by it leaves something on both sides.
    static candidate middle(const candidate & a, const candidate & b, const candidate & c) {
        const candidate & upper = better(a, b) ? a : b;
        const candidate & lower = better(a, b) ? b : a;
        return better(upper, c) ? (better(lower, c) ? lower : c) : upper;
    }

    // top_p without top_k. Were all tokens lighter than (1 - top_p) * total / n left out, less than 1 - top_p of the total
    // would be missing, so the nucleus lies among the others.
    void nucleus_of_row(const float * row, int n, float peak, workspace & w) const {
        block_exp_sums(row, n, peak, 1.0f, w.sums.data());
        double total = 0;
        for (double sum : w.sums) total += sum;
        const double lightest = (1 - settings_.top_p) * total / n;
        collect(row, n, std::max((float) (peak + std::log(lightest)) - 0.001f, -FLT_MAX), w);
        weigh(peak, 1.0f, w);
        nucleus(total, w);
    }

    int32_t draw(float peak, workspace & w) {
        const float least = floor_of(peak);
        w.candidates.erase(std::remove_if(w.candidates.begin(), w.candidates.end(),
                                          [&](const candidate & c) { return c.logit < least; }),
                           w.candidates.end());
        weigh(peak, 1.0f / settings_.temperature, w);
        double point = random_.next() * std::accumulate(w.weights.begin(), w.weights.end(), 0.0);
        size_t i = 0;
        while (i + 1 < w.candidates.size() && point >= w.weights[i]) point -= w.weights[i++];
        return w.candidates[i].id;
    }

    // Temperature alone: one pass for the sums of blocks, then a walk through one block.
    int32_t draw_from_row(const float * row, int n, float peak, workspace & w) {
        const float scale = 1.0f / settings_.temperature;
        block_exp_sums(row, n, peak, scale, w.sums.data());
        double total = 0;
        for (double sum : w.sums) total += sum;
        double point = random_.next() * total;
        size_t b = 0;
        while (b + 1 < w.sums.size() && point >= w.sums[b]) point -= w.sums[b++];
        const int from = (int) b * SUM_BLOCK;
        const int count = std::min(n - from, SUM_BLOCK);
        float weights[SUM_BLOCK];
        exp_all(row + from, count, peak, scale, weights);
        int32_t last = NO_TOKEN; // with rounding the point may lie behind the last one
        for (int i = 0; i < count; ++i) {
            if (weights[i] <= 0) continue;
            last = from + i;
            point -= weights[i];
            if (point < 0) break;
        }
        return last;
    }
};

} // namespace millrace
