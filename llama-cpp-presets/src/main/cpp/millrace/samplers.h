// The samplers of all slots of a context, and the threads that run them.
#pragma once

#include "constraint.h"
#include "pool.h"
#include "sampler.h"
#include "scores.h"

#include "llama.h"

#include <exception>
#include <optional>

// Rows times vocabulary from which several threads sample: below it (8 rows of 32,000 tokens) one thread needs about
// 0.15 ms, which waking others would not shorten by much.
constexpr int64_t MILLRACE_PARALLEL_LOGITS = 1 << 18;

// What a slot's sequence is sampled with.
struct millrace_slot {
    millrace::sampler sampler;
    std::optional<millrace::constraint> constraint;
    millrace::scores scores;

    // NO_TOKEN when there is none that has a finite logit and that the constraint allows.
    int32_t sample(float * row, int n, millrace::workspace & work) {
        if (scores.wanted()) scores.look(row, n);
        int32_t token = sampler.draw_next(row, n, work);
        if (token != millrace::NO_TOKEN && constraint) token = constrained(token, row, n, work);
        if (token == millrace::NO_TOKEN) return token;
        sampler.take(token);
        if (scores.wanted()) scores.choose(token);
        return token;
    }

    // From a row that another slot has sampled, which has the same settings, has taken the same tokens, and has neither a
    // constraint nor scores: biases and penalties are in the row then.
    int32_t sample_again(const float * row, int n, millrace::workspace & work) {
        const int32_t token = sampler.draw_again(row, n, work);
        if (token != millrace::NO_TOKEN) sampler.take(token);
        return token;
    }

  private:
    int32_t constrained(int32_t token, float * row, int n, millrace::workspace & work) {
        try { // llama.cpp's grammar throws, and there is nobody above in a thread of the pool
            if (!constraint->allows(token)) {
                constraint->mask(row, n);
                token = sampler.draw_again(row, n, work);
            }
            if (token != millrace::NO_TOKEN) constraint->accept(token);
            return token;
        } catch (const std::exception &) {
            return millrace::NO_TOKEN;
        }
    }
};

struct millrace_samplers {
    const int n_vocab;
    std::vector<millrace_slot> slots;
    std::vector<uint8_t> banned; // under a grammar, see constraint.h
    std::vector<millrace::workspace> workspaces;
    std::vector<float *> rows;
    std::vector<int32_t> firsts; // the first draw of each row, and behind the last row the number of draws
    millrace::pool threads;

    millrace_samplers(int n_slots, int n_vocab, int n_threads)
        : n_vocab(n_vocab), slots(n_slots), banned(n_vocab, 0), rows(n_slots), threads(n_threads) {
        for (int t = 0; t < n_threads; ++t) workspaces.emplace_back(n_vocab);
    }

    // False when the context has no logits for an output. Draws from one output stand one behind the other.
    bool sample(llama_context * context, const int32_t * of_slots, const int32_t * outputs, int32_t * tokens, int n) {
        firsts.clear();
        for (int i = 0; i < n; ++i) { // on this thread: the first call waits for the device and orders the rows
            if (i > 0 && outputs[i] == outputs[i - 1]) continue;
            rows[firsts.size()] = llama_get_logits_ith(context, outputs[i]);
            if (rows[firsts.size()] == nullptr) return false;
            firsts.push_back(i);
        }
        const int n_rows = (int) firsts.size();
        firsts.push_back(n);
        const auto draw = [&](int r, int thread) {
            millrace::workspace & work = workspaces[thread];
            for (int i = firsts[r]; i < firsts[r + 1]; ++i) {
                millrace_slot & slot = slots[of_slots[i]];
                tokens[i] = i == firsts[r] ? slot.sample(rows[r], n_vocab, work)
                                           : slot.sample_again(rows[r], n_vocab, work);
            }
        };
        if (threads.size() == 1 || n_rows == 1 || (int64_t) n_rows * n_vocab < MILLRACE_PARALLEL_LOGITS) {
            for (int r = 0; r < n_rows; ++r) draw(r, 0);
        } else {
            threads.run(n_rows, draw);
        }
        return true;
    }
};
