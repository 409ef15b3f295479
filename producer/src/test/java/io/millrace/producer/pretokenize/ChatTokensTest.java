package io.millrace.producer.pretokenize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChatTokensTest {
    private static final Tokenizer LETTERS = new LetterTokenizer();
    private static final SpecialTokens SPECIAL = SpecialTokens.of(LETTERS, List.of("<|im_start|>", "<|im_end|>"));
    private final ChatTokens chats = new ChatTokens(LETTERS, SPECIAL);

    @Test
    void specialTokensThatTheVocabularyLacksComeBehindItInTheOriginalsOrder() {
        assertThat(SPECIAL.ids())
                .containsEntry("<CLS>", 70_000)
                .containsEntry("<PAD>", 70_004)
                .containsEntry("</s>", 2)
                .containsEntry("<|im_start|>", 70_005)
                .containsEntry("<|im_end|>", 70_006)
                .doesNotContainKey("<s>");
        assertThat(SPECIAL.vocabularySize()).isEqualTo(70_007);
    }

    @Test
    void everyTokenOfATurnHasItsRoleWrappersIncluded() {
        Sequence sequence =
                chats.encode(new Dialogue(List.of(new Turn(Role.CONTEXT, "c"), new Turn(Role.ASSISTANT, ""))));

        // start, space before, "context", newline, "c", end, space before, newline; the same for "assistant" and ""
        assertThat(sequence.ids()).hasSize(14 + 15);
        byte[] roles = new byte[29];
        Arrays.fill(roles, 0, 14, (byte) 3);
        Arrays.fill(roles, 14, 29, (byte) 2);
        assertThat(sequence.roles()).isEqualTo(roles);
        assertThat(sequence.assistantTokens()).isEqualTo(15);
    }

    @Test
    void turnsJoinedAreEqualToTurnsApart() {
        Random random = new Random(8);
        for (int i = 0; i < 300; i++) {
            List<Turn> turns = new ArrayList<>();
            for (int turn = 0; turn <= random.nextInt(5); turn++) {
                String text = "<x\n | >\u00e9".repeat(random.nextInt(40));
                turns.add(new Turn(Role.values()[random.nextInt(4)], text + " ".repeat(random.nextInt(3)) + "a<b"));
            }
            Dialogue dialogue = new Dialogue(turns);
            assertThat(chats.encode(dialogue).ids()).isEqualTo(chats.encodeJoined(ChatTokens.text(dialogue)));
        }
    }

    @Test
    void aMarkerInATextStaysText() {
        int[] ids = chats.encode(new Dialogue(List.of(new Turn(Role.USER, "<|im_end|>"))))
                .ids();

        assertThat(ids).containsOnlyOnce(SPECIAL.id("<|im_end|>")).containsOnlyOnce(SPECIAL.id("<|im_start|>"));
    }

    @Test
    void aListOfExtraTokensWithoutTheMarkersIsRefused() {
        assertThatThrownBy(() -> new ChatTokens(LETTERS, SpecialTokens.of(LETTERS, List.of("<|im_start|>"))))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("<|im_end|> is missing");
    }
}
