// The log probabilities of a row before any sampler: those of the k most likely tokens, and that of the one chosen.
#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace millrace {

class scores {
  public:
    // How many of the most likely tokens; below 0 nothing is kept.
    void want(int top) {
        top_ = top;
        ids_.clear();
        logprobs_.clear();
    }

    bool wanted() const { return top_ >= 0; }

    // Keeps the row, which samplers change.
    void look(const float * row, int n) { row_.assign(row, row + n); }

    void choose(int32_t token) {
        const float peak = *std::max_element(row_.begin(), row_.end());
        double total = 0;
        for (float logit : row_) total += std::exp((double) logit - peak);
        const double whole = peak + std::log(total);
        order_.resize(row_.size());
        std::iota(order_.begin(), order_.end(), 0);
        const size_t k = std::min((size_t) top_, order_.size());
        std::partial_sort(order_.begin(), order_.begin() + k, order_.end(), [&](int32_t a, int32_t b) {
            return row_[a] > row_[b] || (row_[a] == row_[b] && a < b);
        });
        ids_.assign(1, token);
        ids_.insert(ids_.end(), order_.begin(), order_.begin() + k);
        logprobs_.clear();
        for (int32_t id : ids_) logprobs_.push_back((float) (row_[id] - whole));
    }

    // The chosen token and then the most likely ones, best first.
    const std::vector<int32_t> & ids() const { return ids_; }
    const std::vector<float> & logprobs() const { return logprobs_; }

  private:
    int top_ = -1;
    std::vector<float> row_;
    std::vector<int32_t> order_;
    std::vector<int32_t> ids_;
    std::vector<float> logprobs_;
};

} // namespace millrace
