package io.millrace.producer.megatron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarGzTest {
    private static final int BLOCK = 512;

    @TempDir
    Path folder;

    @Test
    void anArchiveHoldsItsFilesBelowOneFolder() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty"), "");
        Path block = Files.writeString(folder.resolve("block"), "b".repeat(BLOCK));
        Path longer = Files.writeString(folder.resolve("longer"), "l".repeat(2 * BLOCK + 1));

        TarGz.write(folder.resolve("all.tar.gz"), "out", List.of(empty, block, longer));

        assertThat(entries(folder.resolve("all.tar.gz")))
                .containsExactly(
                        Map.entry("out/empty", ""),
                        Map.entry("out/block", "b".repeat(BLOCK)),
                        Map.entry("out/longer", "l".repeat(2 * BLOCK + 1)));
        assertThat(folder.resolve("all.tar.gz.part")).doesNotExist();
    }

    @Test
    void aNameThatTheFormatCannotHoldIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("n".repeat(99)), "");

        assertThatThrownBy(() -> TarGz.write(folder.resolve("all.tar.gz"), "o", List.of(file)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("choose a shorter filename_prefix");
    }

    /** Reads an archive by the description of ustar, with the check sum of each header. */
    private static Map<String, String> entries(Path archive) throws IOException {
        Map<String, String> entries = new LinkedHashMap<>();
        byte[] packed = Files.readAllBytes(archive);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            byte[] tar = in.readAllBytes();
            int at = 0;
            while (tar[at] != 0) {
                int sum = 0;
                for (int i = 0; i < BLOCK; i++) {
                    sum += i >= 148 && i < 156 ? ' ' : tar[at + i] & 0xFF;
                }
                assertThat(Integer.parseInt(text(tar, at + 148, 6), 8)).isEqualTo(sum);
                assertThat(text(tar, at + 257, 5)).isEqualTo("ustar");
                int size = Integer.parseInt(text(tar, at + 124, 11), 8);
                entries.put(text(tar, at, 100).replace("\0", ""), text(tar, at + BLOCK, size));
                at += BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
            }
            assertThat(tar.length).isEqualTo(at + 2 * BLOCK);
        }
        return entries;
    }

    private static String text(byte[] bytes, int at, int length) {
        return new String(bytes, at, length, StandardCharsets.US_ASCII);
    }
}
