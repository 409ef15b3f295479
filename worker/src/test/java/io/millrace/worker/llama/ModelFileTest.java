package io.millrace.worker.llama;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {

    @Test
    void theBundledModelIsReadWithoutItsWeights() {
        ModelFile model = ModelFile.read(TestFiles.TINY_CHATML, Optional.empty());

        assertThat(model.trainedContextTokens()).isEqualTo(1024);
        assertThat(model.ropeFreqBase()).isEqualTo(1e6);
        assertThat(model.kvBytesPerToken())
                .as("8 layers, 2 x 256 numbers of 2 bytes")
                .isEqualTo(8 * 512 * 2);
        assertThat(model.chatMl()).isTrue();
        assertThat(model.keepsPositions()).isTrue();
        assertThat(model.description()).contains("Q8_0");
    }

    @Test
    void aVocabularyWithoutChatMlIsSeen() {
        assertThat(ModelFile.read(TestFiles.LLAMA_VOCABULARY, Optional.empty()).chatMl())
                .isFalse();
    }

    @Test
    void theReferenceVocabularyHasChatMlThoughItsStartIsUserDefined(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("reference.gguf");
        ReferenceVocabulary.write(TestFiles.LLAMA_VOCABULARY, file);
        assertThat(ModelFile.read(file, Optional.empty()).chatMl()).isTrue();
    }
}
