package io.millrace.worker.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class GgufHeaderTest {
    private static final Path MODEL = Path.of("..", "models", "tiny-chatml-q8_0.gguf");
    private static final Path VOCABULARY = Path.of("src", "test", "resources", "llama", "ggml-vocab-llama-spm.gguf");
    private static final int MUTANTS = 10_000;
    private static final long SEED = 7;

    @Test
    void theHeaderOfARealModelIsRead() throws Exception {
        GgufHeader header = GgufHeader.read(MODEL);
        assertThat(header.version()).isEqualTo(3);
        assertThat(header.metadata()).containsEntry("general.architecture", "llama");
        assertThat(header.tensors()).isPositive();
        assertThat(header.bytes()).isLessThan(Files.size(MODEL));
    }

    @Test
    void aFileWithAVocabularyAloneIsRead() throws Exception {
        GgufHeader header = GgufHeader.read(VOCABULARY);
        assertThat(header.tensors()).isZero();
        assertThat(header.metadata().get("tokenizer.ggml.tokens"))
                .isEqualTo(new GgufHeader.Array(Metadata.TEXT, 32_000));
    }

    @Test
    void hostileHeadersAreRefusedByNameAndPlace() throws Exception {
        refused(text("GGML"), "not GGUF");
        refused(header(9, 0, 0), "version 9");
        refused(header(3 << 24, 0, 0), "other byte order");
        refused(header(3, -1, 0), "the number of tensors is 18446744073709551615");
        refused(header(3, 0, Long.MAX_VALUE), "the number of metadata keys is 9223372036854775807");
        refused(header(3, 0, 1), "cut short");
        refused(header(3, 0, 0), "general.architecture is missing");
        refused(join(header(3, 0, 1), number(1L << 62)), "the length of metadata key 0 is 4611686018427387904");
        refused(
                join(
                        header(3, 0, 1),
                        key("tokenizer.ggml.tokens", Metadata.ARRAY),
                        small(Metadata.TEXT),
                        number(1L << 40)),
                "the length of array tokenizer.ggml.tokens is 1099511627776");
        refused(
                join(header(3, 0, 1), key("nested", Metadata.ARRAY), small(Metadata.ARRAY), number(1)),
                "nested is an array of type 9");
        refused(join(header(3, 0, 1), key("a", 13)), "of type 13");
        refused(
                join(header(3, 0, 2), llama(), key("llama.block_count", Metadata.U32), small(0)),
                "llama.block_count is 0; it must be a whole number from 1 to 512");
        refused(join(header(3, 0, 2), llama(), llama()), "general.architecture is there twice");
        refused(
                join(header(3, 0, 2), llama(), key("general.alignment", Metadata.U32), small(0)),
                "general.alignment is 0");
        refused(
                join(header(3, 0, 2), llama(), key("tokenizer.ggml.bos_token_id", Metadata.U32), small(5)),
                "the vocabulary has 0 tokens");
    }

    @Test
    void tensorsThatLieElsewhereThanInTheFileAreRefused() throws Exception {
        refused(tensor(8, 4, 0, 0), "cut short");
        refused(tensor(4, 32, 0, 0), "more than the file of");
        refused(tensor(1L << 31, 1, 0, 0), "a dimension of tensor 'w'");
        refused(tensor(4, 1L << 30, 0, 0), "a dimension of 1073741824");
        refused(tensor(4, 1, 0, 64), "where 0 was expected");
        refused(tensor(4, 1, 8, 0), "no multiple of 32 as Q8_0 wants");
        refused(tensor(4, 1, 4, 0), "of type 4");
        refused(tensor(0, 1, 0, 0), "a dimension of 0");
        assertThat(GgufHeader.read(new ByteChannel(tensor(4, 1, 0, 0), tensor(4, 1, 0, 0).length))
                        .tensors())
                .isOne();
    }

    @Test
    void noneOfTenThousandMutatedHeadersDoesMoreThanBeRefused() throws Exception {
        byte[] bytes = Files.readAllBytes(MODEL);
        int headerBytes = (int) GgufHeader.read(MODEL).bytes();
        byte[] original = bytes.clone();
        Random random = new Random(SEED);
        int refused = 0;
        for (int i = 0; i < MUTANTS; i++) {
            Mutation mutation = Mutation.of(bytes, original, headerBytes, random);
            try {
                GgufHeader.read(new ByteChannel(bytes, mutation.size()));
            } catch (GgufException e) {
                refused++;
                assertThat(e.getMessage()).as("mutant %d", i).isNotBlank().hasSizeLessThan(300);
                assertThat(e.getMessage().chars().allMatch(c -> c >= ' ' && c < 127))
                        .as("mutant %d: %s", i, e.getMessage())
                        .isTrue();
            }
            mutation.undo();
        }
        assertThat(bytes).isEqualTo(original);
        System.out.printf(
                "mutated GGUF headers: %d, refused %d, still well formed %d%n", MUTANTS, refused, MUTANTS - refused);
        assertThat(refused)
                .as("the rest changed texts, or numbers within their bounds")
                .isGreaterThan(MUTANTS / 2);
    }

    /**
     * What the check lets through is given to native code, in a process of its own as a worker's engine is: whatever
     * becomes of that one, this one lives.
     */
    @Test
    void nativeCodeSurvivesTheMutantsThatTheCheckLetsThrough() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                        "-Dorg.bytedeco.javacpp.maxBytes=0",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MutantLoaderMain.class.getName(),
                        MODEL.toString(),
                        Integer.getInteger("gguf.mutants", 100).toString())
                .redirectErrorStream(true)
                .start();
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader = child.inputReader(StandardCharsets.UTF_8)) {
            reader.lines().filter(line -> line.startsWith("mutant")).forEach(lines::add);
        }
        assertThat(child.waitFor()).as("%s", lines).isZero();
        System.out.println(lines.get(lines.size() - 1));
    }

    private static void refused(byte[] file, String reason) {
        assertThatThrownBy(() -> GgufHeader.read(new ByteChannel(file, file.length)))
                .isInstanceOf(GgufException.class)
                .hasMessageContaining(reason);
    }

    private static byte[] header(int version, long tensors, long keys) {
        return join(text("GGUF"), small(version), number(tensors), number(keys));
    }

    /** A file with one tensor, of this type at this offset, and 64 bytes of data behind it. */
    private static byte[] tensor(long row, long rows, int type, long offset) throws IOException {
        byte[] head = join(
                header(3, 1, 3),
                llama(),
                key("llama.block_count", Metadata.U32),
                small(1),
                key("llama.embedding_length", Metadata.U32),
                small(4),
                number(1),
                text("w"),
                small(2),
                number(row),
                number(rows),
                small(type),
                number(offset));
        return join(head, new byte[64]);
    }

    private static byte[] llama() {
        return join(key("general.architecture", Metadata.TEXT), number(5), text("llama"));
    }

    private static byte[] key(String name, int type) {
        return join(number(name.length()), text(name), small(type));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] small(int value) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }

    private static byte[] join(byte[]... pieces) {
        int length = 0;
        for (byte[] piece : pieces) {
            length += piece.length;
        }
        ByteBuffer joined = ByteBuffer.allocate(length);
        for (byte[] piece : pieces) {
            joined.put(piece);
        }
        return joined.array();
    }
}
