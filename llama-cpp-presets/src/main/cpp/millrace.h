// What Millrace adds to llama.h: the samplers of all slots in one call, and a thread pool kept from step to step.
// JavaCPP maps this file alone; what it includes stays in C++. No function here checks its arguments: Java does.
#pragma once

#include "millrace/samplers.h"

#include "json-schema-to-grammar.h"

#include <string>

struct millrace_samplers;

// How a slot samples. repeat_last_n: -1 means all.
struct millrace_sampling {
    float temperature;
    int32_t top_k;
    double top_p;
    float min_p;
    float repeat_penalty;
    int32_t repeat_last_n;
    float presence_penalty;
    float frequency_penalty;
    int64_t seed;
};

static inline struct millrace_samplers * millrace_samplers_new(int32_t slots, int32_t n_vocab, int32_t threads) {
    return new millrace_samplers(slots, n_vocab, threads);
}

static inline void millrace_samplers_free(struct millrace_samplers * samplers) { delete samplers; }

// Readies a slot for a new sequence; the penalties see its prompt.
static inline void millrace_samplers_seat(struct millrace_samplers * samplers, int32_t slot, const struct millrace_sampling * s,
                                          const int32_t * bias_ids, const float * bias_values, int32_t n_bias,
                                          const int32_t * prompt, int32_t n_prompt) {
    millrace::settings settings;
    settings.temperature = s->temperature;
    settings.top_k = s->top_k;
    settings.top_p = s->top_p;
    settings.min_p = s->min_p;
    settings.repeat_penalty = s->repeat_penalty;
    settings.repeat_last_n = s->repeat_last_n;
    settings.presence_penalty = s->presence_penalty;
    settings.frequency_penalty = s->frequency_penalty;
    millrace_slot & seat = samplers->slots[slot];
    seat.sampler.seat(settings, (uint64_t) s->seed, bias_ids, bias_values, n_bias, prompt, n_prompt);
    seat.constraint.reset();
    seat.scores.want(-1);
}

// Names a token that no grammar may take for text: it has a name but adds nothing to the text.
static inline void millrace_samplers_ban(struct millrace_samplers * samplers, int32_t token) { samplers->banned[token] = 1; }

// Holds the sequence seated last in a slot to a grammar. False when llama.cpp cannot read the grammar.
static inline bool millrace_samplers_constrain(struct millrace_samplers * samplers, int32_t slot, const struct llama_vocab * vocab,
                                               const char * gbnf) {
    llama_sampler * grammar = llama_sampler_init_grammar(vocab, gbnf, "root");
    if (grammar == nullptr) return false;
    samplers->slots[slot].constraint.emplace(grammar, vocab, samplers->banned);
    return true;
}

// Whether llama.cpp can read the grammar. Any thread.
static inline bool millrace_grammar_valid(const struct llama_vocab * vocab, const char * gbnf) {
    llama_sampler * grammar = llama_sampler_init_grammar(vocab, gbnf, "root");
    if (grammar == nullptr) return false;
    llama_sampler_free(grammar);
    return true;
}

// The grammar of the JSON values that a schema allows; throws with the reason when there is none. Any thread.
static inline std::string millrace_schema_to_gbnf(const std::string & schema) {
    return json_schema_to_grammar(common_json::parse(schema));
}

// From now on keeps the log probabilities of the tokens of the sequence seated last in a slot, and of the top most likely.
static inline void millrace_samplers_score(struct millrace_samplers * samplers, int32_t slot, int32_t top) {
    samplers->slots[slot].scores.want(top);
}

// The token sampled last in a slot and then the most likely ones, best first: how many were written, at most size.
static inline int32_t millrace_samplers_scores(struct millrace_samplers * samplers, int32_t slot, int32_t * ids, float * logprobs,
                                               int32_t size) {
    const millrace::scores & scores = samplers->slots[slot].scores;
    const int32_t count = std::min(size, (int32_t) scores.ids().size());
    std::copy(scores.ids().begin(), scores.ids().begin() + count, ids);
    std::copy(scores.logprobs().begin(), scores.logprobs().begin() + count, logprobs);
    return count;
}

// Samples the token of each (slot, index of its output in the last batch). A token is -1 where the row has no finite
// logit. False when the context has no logits for one of the outputs.
static inline bool millrace_samplers_sample(struct millrace_samplers * samplers, struct llama_context * context,
                                            const int32_t * slots, const int32_t * outputs, int32_t * tokens, int32_t n) {
    return samplers->sample(context, slots, outputs, tokens, n);
}

// Draws from given logits, for tests. With accept the penalties see the tokens drawn before; without, each draw is like
// the first.
static inline void millrace_samplers_draw(struct millrace_samplers * samplers, int32_t slot, const float * logits,
                                          int32_t * tokens, int32_t n, bool accept) {
    std::vector<float> row(samplers->n_vocab);
    millrace_slot & seat = samplers->slots[slot];
    millrace::workspace & work = samplers->workspaces[0];
    for (int32_t i = 0; i < n; ++i) {
        std::copy(logits, logits + samplers->n_vocab, row.begin());
        tokens[i] = accept ? seat.sample(row.data(), samplers->n_vocab, work)
                           : seat.sampler.draw_next(row.data(), samplers->n_vocab, work);
    }
}

// ggml starts and joins its threads anew in every step unless it has a pool. The pool's functions are in the CPU backend,
// which is loaded at run time, so they are looked up. poll: 0 sleeps between steps, 100 spins. Null when the backend has
// no pools; ggml works without.
static inline void * millrace_threadpool_new(int32_t threads, int32_t poll) {
    ggml_backend_dev_t cpu = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
    if (cpu == nullptr) return nullptr;
    auto * create = (ggml_threadpool * (*) (ggml_threadpool_params *) )
        ggml_backend_reg_get_proc_address(ggml_backend_dev_backend_reg(cpu), "ggml_threadpool_new");
    if (create == nullptr) return nullptr;
    ggml_threadpool_params params = ggml_threadpool_params_default(threads);
    params.poll = (uint32_t) poll;
    return create(&params);
}

// Not before the context that it is attached to is freed.
static inline void millrace_threadpool_free(void * threadpool) {
    ggml_backend_dev_t cpu = ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU);
    auto * free = (void (*)(ggml_threadpool *)) ggml_backend_reg_get_proc_address(
        ggml_backend_dev_backend_reg(cpu), "ggml_threadpool_free");
    if (free != nullptr) free((ggml_threadpool *) threadpool);
}

static inline void millrace_attach_threadpool(struct llama_context * context, void * decoding, void * batch) {
    llama_attach_threadpool(context, (ggml_threadpool *) decoding, (ggml_threadpool *) batch);
}
