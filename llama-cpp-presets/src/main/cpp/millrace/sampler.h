// Samples a token from a row of logits: llama.cpp's default order (logit bias, penalties, top-k, top-p, min-p, temperature,
// draw), without llama.cpp's copy of the whole vocabulary and without ever sorting it.
//
// Bias and penalties touch few tokens, so they are written into the row first; what the later passes see is exact. The
// best k are found from the largest values of blocks: the k-th largest of those is a lower bound of the k-th largest
// value, and only blocks that reach it are looked at.
#pragma once

#include "row.h"

#include <algorithm>
#include <vector>

namespace millrace {

constexpr int32_t NO_TOKEN = -1;

struct candidate {
    int32_t id;
    float logit;
};

// Best first; the lower id of two equals, so that a draw does not depend on how the candidates were found.
static inline bool better(const candidate & a, const candidate & b) {
    return a.logit > b.logit || (a.logit == b.logit && a.id < b.id);
}

static inline bool worse(const candidate & a, const candidate & b) { return better(b, a); }

// What one thread needs while it samples a row.
struct workspace {
    std::vector<float> maxima;
    std::vector<float> ranked;
    std::vector<double> sums;
    std::vector<candidate> candidates;
    std::vector<double> weights;
    std::vector<int32_t> counts; // all 0 between rows

    explicit workspace(int n_vocab)
        : maxima(blocks_of(n_vocab, BLOCK)), sums(blocks_of(n_vocab, SUM_BLOCK)), counts(n_vocab, 0) {
        ranked.reserve(maxima.size());
        candidates.reserve(n_vocab);
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

    // Changes the row. NO_TOKEN when no token has a finite logit.
    int32_t sample(float * row, int n, workspace & w) {
        for (const bias & b : biases_) row[b.id] += b.value;
        if (settings_.penalizes()) penalize(row, w.counts);
        const int32_t token = choose(row, n, w);
        if (token != NO_TOKEN && settings_.penalizes()) accept(token);
        return token;
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
                double total = 0;
                for (const candidate & c : w.candidates) total += std::exp((double) c.logit - peak);
                nucleus(total, peak, w);
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
                if (row[i] >= least) w.candidates.push_back({i, row[i]});
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

    // Keeps the best candidates whose probabilities reach top_p of the total; false when all of them do not.
    bool nucleus(double total, float peak, workspace & w) const {
        std::vector<candidate> & c = w.candidates;
        const double wanted = settings_.top_p * total;
        double reached = 0;
        std::make_heap(c.begin(), c.end(), worse);
        auto end = c.end();
        while (end != c.begin() && reached < wanted) {
            reached += std::exp((double) c.front().logit - peak);
            std::pop_heap(c.begin(), end--, worse);
        }
        if (reached < wanted) return false;
        std::move(end, c.end(), c.begin());
        c.resize((size_t) (c.end() - end));
        return true;
    }

    // top_p without top_k: the mass of the whole row in one pass, then as many of the best as it takes.
    void nucleus_of_row(const float * row, int n, float peak, workspace & w) const {
        block_exp_sums(row, n, peak, 1.0f, w.sums.data());
        double total = 0;
        for (double sum : w.sums) total += sum;
        for (int k = 256; k < n; k *= 8) {
            best(row, n, k, w);
            if (nucleus(total, peak, w)) return;
        }
        collect(row, n, -FLT_MAX, w);
        nucleus(total, peak, w); // false: rounding, so all of them
    }

    int32_t draw(float peak, workspace & w) {
        const double scale = 1.0 / settings_.temperature;
        const float least = floor_of(peak);
        double total = 0;
        w.weights.clear();
        for (const candidate & c : w.candidates) {
            total += c.logit >= least ? std::exp(((double) c.logit - peak) * scale) : 0.0;
            w.weights.push_back(total);
        }
        const double point = random_.next() * total;
        const auto found = std::upper_bound(w.weights.begin(), w.weights.end() - 1, point);
        return w.candidates[(size_t) (found - w.weights.begin())].id;
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
        int32_t last = NO_TOKEN; // with rounding the point may lie behind the last one
        for (int i = (int) b * SUM_BLOCK; i < n; ++i) {
            const float weight = exp_of_negative((row[i] - peak) * scale);
            if (weight > 0) last = i;
            point -= weight;
            if (point < 0 && weight > 0) return i;
        }
        return last;
    }
};

} // namespace millrace
