package io.millrace.producer.pretokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SettingsTest {
    private static final Sections SECTIONS = new Sections(List.of(Map.of(
            "defaults", Map.of("rng_seed", 42, "output_dir_suffix", "", "filename_prefix", "p", "output_dir", "o"),
            "llama2", Map.of("output_dir_suffix", "_llama2"),
            "small", Map.of("datasets", List.of("megacode", Map.of("orca-chat", Map.of("size", 3, "val_split", 0)))),
            "more", Map.of("datasets_extra", List.of("messages"), "min_assistant_tokens", 100))));

    @Test
    void sectionsLieOverTheDefaultsAndTheCommandLineOverAll() {
        Settings settings = Settings.of(SECTIONS.overlay(List.of("llama2,small", "more"), Map.of("rng_seed", 7)));

        assertThat(settings.outputDir()).isEqualTo("o_llama2");
        assertThat(settings.seed()).isEqualTo(7);
        assertThat(settings.minAssistantTokens()).isEqualTo(OptionalLong.of(100));
        assertThat(settings.extraTokens()).containsExactly("<|im_start|>", "<|im_end|>");
        assertThat(settings.datasets())
                .extracting(DatasetSettings::name)
                .containsExactly("megacode", "orca-chat", "messages");
        assertThat(settings.datasets().get(0).validation()).isEqualTo(0.2);
        assertThat(settings.datasets().get(1).size()).isEqualTo(OptionalLong.of(3));
        assertThat(settings.datasets().get(1).fraction()).isEqualTo(Optional.empty());
    }

    @Test
    void anOverrideUnsetsAKey() {
        Map<String, Object> unset = new HashMap<>();
        unset.put("min_assistant_tokens", null);

        assertThat(Settings.of(SECTIONS.overlay(List.of("small", "more"), unset))
                        .minAssistantTokens())
                .isEmpty();
    }

    @Test
    void mistakesAreNamedWithTheirRemedy() {
        assertMistake(Map.of("datasets", List.of("megacod")), "there is no dataset megacod; there are bestofmegacode");
        assertMistake(Map.of("dataset", List.of()), "there is no key dataset; there are");
        assertMistake(Map.of("datasets", List.of()), "datasets is empty");
        assertMistake(dataset(Map.of("fraction", 1.5)), "fraction must be a number from 0 to 1, not 1.5");
        assertMistake(dataset(Map.of("fraction", 0.5, "size", 3)), "give fraction, above 0, or size, not both");
        assertMistake(dataset(Map.of("top_k", 1)), "lang and top_k are for oasst_export alone");
        assertMistake(dataset(Map.of("hf_dataset_name", "x")), "download the export");
        assertMistake(Map.of("tokenizer_type", "FalconTokenizer"), "tokenizer_type must be SentencePieceTokenizer");
        assertThatThrownBy(() -> SECTIONS.overlay(List.of("nothing"), Map.of()))
                .hasMessageContaining("--configs nothing: there is no such section");
    }

    private static Map<String, Object> dataset(Map<String, Object> keys) {
        return Map.of("datasets", List.of(Map.of("megacode", keys)));
    }

    private static void assertMistake(Map<String, Object> overrides, String message) {
        assertThatThrownBy(() -> Settings.of(SECTIONS.overlay(List.of("small"), overrides)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(message);
    }
}
