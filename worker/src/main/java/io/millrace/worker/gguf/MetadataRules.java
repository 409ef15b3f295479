package io.millrace.worker.gguf;

import java.util.List;
import java.util.Map;

/** What llama.cpp takes for granted of the metadata's values, and ends the process or asks for absurd memory without. */
final class MetadataRules {
    static final String TOKENS = "tokenizer.ggml.tokens";

    /** Of the architecture's own numbers: the most that any known model comes near to. */
    private record Range(String key, long least, long most) {}

    private static final List<Range> RANGES = List.of(
            new Range("block_count", 1, 512),
            new Range("embedding_length", 1, 1 << 18),
            new Range("context_length", 1, 1L << 30),
            new Range("feed_forward_length", 0, 1 << 22),
            new Range("attention.head_count", 1, 1 << 14),
            new Range("attention.head_count_kv", 0, 1 << 14),
            new Range("attention.key_length", 1, 1 << 16),
            new Range("attention.value_length", 1, 1 << 16),
            new Range("rope.dimension_count", 0, 1 << 16),
            new Range("vocab_size", 1, 1 << 24),
            new Range("expert_count", 0, 1 << 12),
            new Range("expert_used_count", 0, 1 << 12));

    private MetadataRules() {}

    static void check(Map<String, Object> metadata, int tensors) throws GgufException {
        if (!(metadata.get("general.architecture") instanceof String architecture)
                || !architecture.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new GgufException("general.architecture is missing or no name: no model that can be run");
        }
        for (Range range : RANGES) {
            Object value = metadata.get(architecture + "." + range.key());
            if (value == null || value instanceof GgufHeader.Array) {
                continue;
            }
            if (!(value instanceof Long number) || number < range.least() || number > range.most()) {
                throw new GgufException(architecture + "." + range.key() + " is "
                        + GgufHeader.shown(value.toString()) + "; it must be a whole number from " + range.least()
                        + " to " + range.most());
            }
        }
        // A LoRA adapter has tensors of a model without that model's numbers.
        if (tensors > 0 && !"adapter".equals(metadata.get("general.type"))) {
            require(metadata, architecture + ".block_count");
            require(metadata, architecture + ".embedding_length");
        }
        vocabulary(metadata);
    }

    private static void require(Map<String, Object> metadata, String key) throws GgufException {
        if (!(metadata.get(key) instanceof Long)) {
            throw new GgufException(key + " is missing: no model that can be run");
        }
    }

    private static void vocabulary(Map<String, Object> metadata) throws GgufException {
        long tokens = 0;
        Object list = metadata.get(TOKENS);
        if (list != null) {
            tokens = array(TOKENS, list, Metadata.TEXT).count();
        }
        aligned(metadata, "tokenizer.ggml.scores", Metadata.F32, tokens);
        aligned(metadata, "tokenizer.ggml.token_type", Metadata.I32, tokens);
        if (metadata.containsKey("tokenizer.ggml.merges")) {
            array("tokenizer.ggml.merges", metadata.get("tokenizer.ggml.merges"), Metadata.TEXT);
        }
        for (Map.Entry<String, Object> entry : metadata.entrySet()) {
            if (entry.getKey().startsWith("tokenizer.ggml.") && entry.getKey().endsWith("_token_id")) {
                tokenId(entry.getKey(), entry.getValue(), tokens);
            }
        }
    }

    /** -1 and its unsigned form say that there is no such token. */
    private static void tokenId(String key, Object value, long tokens) throws GgufException {
        if (!(value instanceof Long id) || (id != -1 && id != 0xffffffffL && (id < 0 || id >= Math.max(1, tokens)))) {
            throw new GgufException(GgufHeader.shown(key) + " is " + GgufHeader.shown(value.toString())
                    + ", but the vocabulary has " + tokens + " tokens");
        }
    }

    private static void aligned(Map<String, Object> metadata, String key, int type, long tokens) throws GgufException {
        Object value = metadata.get(key);
        if (value != null && array(key, value, type).count() != tokens) {
            throw new GgufException(
                    key + " has " + ((GgufHeader.Array) value).count() + " entries for " + tokens + " tokens");
        }
    }

    private static GgufHeader.Array array(String key, Object value, int type) throws GgufException {
        if (!(value instanceof GgufHeader.Array array) || array.type() != type) {
            throw new GgufException(key + " is no array of the right kind");
        }
        return array;
    }
}
