// Holds a sequence to a grammar: the token that the sampler chose is checked alone, which is cheap, and only when it is
// refused the grammar looks at the whole row and the sampler draws again from what is left.
#pragma once

#include "llama.h"

#include <cmath>
#include <memory>
#include <vector>

namespace millrace {

class constraint {
  public:
    // banned: tokens that give no text and do not end generation either, such as control tokens: the grammar would take
    // their names for text.
    constraint(llama_sampler * grammar, const llama_vocab * vocab, const std::vector<uint8_t> & banned)
        : grammar_(grammar), vocab_(vocab), banned_(banned) {}

    bool allows(int32_t token) {
        if (banned_[token]) return false;
        llama_token_data one = {token, 1.0f, 0.0f};
        llama_token_data_array array = {&one, 1, -1, false};
        llama_sampler_apply(grammar_.get(), &array);
        return !std::isinf(one.logit);
    }

    // Takes out of a row what may not come next.
    void mask(float * row, int n) {
        candidates_.clear();
        for (int32_t id = 0; id < n; ++id) {
            if (banned_[id]) row[id] = -INFINITY;
            if (std::isfinite(row[id])) candidates_.push_back({id, 1.0f, 0.0f});
        }
        llama_token_data_array array = {candidates_.data(), candidates_.size(), -1, false};
        llama_sampler_apply(grammar_.get(), &array);
        for (const llama_token_data & c : candidates_)
            if (std::isinf(c.logit)) row[c.id] = -INFINITY;
    }

    // A token that is allowed has come.
    void accept(int32_t token) {
        if (!llama_vocab_is_eog(vocab_, token)) llama_sampler_accept(grammar_.get(), token);
    }

  private:
    struct release {
        void operator()(llama_sampler * sampler) const { llama_sampler_free(sampler); }
    };

    std::unique_ptr<llama_sampler, release> grammar_;
    const llama_vocab * vocab_;
    const std::vector<uint8_t> & banned_;
    std::vector<llama_token_data> candidates_;
};

} // namespace millrace
