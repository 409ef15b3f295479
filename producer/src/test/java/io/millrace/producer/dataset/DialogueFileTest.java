package io.millrace.producer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.producer.files.InputException;
import io.millrace.producer.pretokenize.DatasetSettings;
import io.millrace.producer.pretokenize.Dialogue;
import io.millrace.producer.pretokenize.Pretokenization;
import io.millrace.producer.pretokenize.Role;
import io.millrace.producer.pretokenize.Turn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DialogueFileTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"null", "1", "2", "3"})
    void threadsComeTreeByTreeAsTheLoaderKeepsThem(String topK) throws IOException {
        JsonNode expected = new ObjectMapper()
                .readTree(Datasets.resource("oasst_en_100_tree_thread_counts.json")
                        .toFile())
                .at("/by_top_k/" + topK);

        List<List<Dialogue>> trees = read(oasst(topK), Datasets.resource("en_100_tree.jsonl.zst"));

        assertThat(trees).hasSize(expected.get("trees_with_threads").intValue());
        assertThat(trees.stream().mapToInt(List::size).sum())
                .isEqualTo(expected.get("threads").intValue());
        assertThat(trees.stream().flatMap(List::stream))
                .allSatisfy(chat -> assertThat(
                                chat.turns().get(chat.turns().size() - 1).role())
                        .isEqualTo(Role.ASSISTANT));
    }

    @Test
    void noTreeOfTheRealFileIsInBothSplits() throws IOException {
        DatasetSettings settings = new DatasetSettings(
                DatasetSettings.OASST,
                Optional.empty(),
                OptionalLong.empty(),
                0.3,
                OptionalLong.empty(),
                "en",
                OptionalInt.empty(),
                Optional.empty());
        DialogueFile file = DialogueFile.open(
                settings, Datasets.resource("en_100_tree.jsonl.zst").toString(), folder);

        Pretokenization.Planned plan = Pretokenization.plan(file, settings, 42, OptionalLong.empty());

        List<List<Dialogue>> trees = new ArrayList<>();
        file.read(trees::add);
        int at = 0;
        int held = 0;
        for (List<Dialogue> tree : trees) {
            int inTrain = plan.train().get(at, at + tree.size()).cardinality();
            assertThat(inTrain).isIn(0, tree.size());
            assertThat(plan.validation().get(at, at + tree.size()).cardinality())
                    .isEqualTo(tree.size() - inTrain);
            held += inTrain == 0 ? 1 : 0;
            at += tree.size();
        }
        assertThat(at).isEqualTo(538);
        assertThat(held).isEqualTo(28); // of 95 trees with threads
    }

    @Test
    void treesThatARunHasMadeNeedNoReviewAndRankByTheirOrder() throws IOException {
        Path file = write("trees.jsonl", """
                {"message_tree_id":"t","tree_state":"ranking","origin":"millrace run r","prompt":{"message_id":"t",\
                "text":"q","role":"prompter","lang":"en","replies":[\
                {"message_id":"a","text":"one","role":"assistant","synthetic":true,"replies":[]},\
                {"message_id":"b","text":"two","role":"assistant","synthetic":true,"replies":[]}]}}
                """);

        assertThat(read(oasst("null"), file).get(0)).hasSize(2);
        assertThat(read(oasst("1"), file))
                .containsExactly(
                        List.of(new Dialogue(List.of(new Turn(Role.USER, "q"), new Turn(Role.ASSISTANT, "one")))));
        Files.writeString(file, Files.readString(file).replace("millrace run r", "elsewhere"));
        assertThat(read(oasst("null"), file)).isEmpty();
    }

    @Test
    void chatsAreToldByTheirColumns() throws IOException {
        Path file = write("chats.jsonl", """
                {"messages":[{"role":"system","content":"s"},{"role":"user","content":"q","context":"c"},{"role":"assistant","content":"a"}]}
                {"conversations":[{"from":"gpt","value":"left over"},{"from":"human","value":"q"},{"from":"gpt","value":"a"}]}
                {"instruction":"s","conversation":[{"input":"q","output":"a"}]}
                {"conversation":{"samples":[{"USER":"q","ASSISTANT":"a"}]},"source":"x"}
                {"prompt":"q","completion":"a < b"}
                """);
        Turn system = new Turn(Role.SYSTEM, "s");
        Turn question = new Turn(Role.USER, "q");
        Turn answer = new Turn(Role.ASSISTANT, "a");

        assertThat(read(chats(), file).stream().map(group -> group.get(0).turns()))
                .containsExactly(
                        List.of(system, new Turn(Role.CONTEXT, "c"), question, answer),
                        List.of(question, answer),
                        List.of(system, question, answer),
                        List.of(question, answer),
                        List.of(question, new Turn(Role.ASSISTANT, "a < b")));
    }

    @Test
    void arraysAndParquetAreRead() throws IOException {
        assertThat(read(chats(), Datasets.resource("dummy_conversation-40.json")))
                .hasSize(40);
        Path lines = write("chats.jsonl", """
                {"messages":[{"role":"user","content":"q"},{"role":"assistant","content":"a"}]}
                """);
        Path parquet = folder.resolve("chats.parquet");
        Datasets.duck("COPY (SELECT * FROM read_json('" + lines + "')) TO '" + parquet + "' (FORMAT parquet)");

        assertThat(read(chats(), parquet)).isEqualTo(read(chats(), lines)).hasSize(1);
    }

    @Test
    void badRowsAreNamedWithTheirPlace() throws IOException {
        Path file = write("bad.jsonl", """
                {"prompt":"q","completion":"a"}
                {"messages":[{"role":"tool","content":"x"}]}
                {"text":"no chat"}
                {"messages":[
                """);

        assertThatThrownBy(() -> read(chats(), file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("bad.jsonl:2: messages[0].role: must be system, user, assistant or context")
                .hasMessageContaining("bad.jsonl:3: ")
                .hasMessageContaining("bad.jsonl:4: ");
        Path many = write("many.jsonl", "{}\n".repeat(30));
        assertThatThrownBy(() -> read(chats(), many))
                .hasMessageEndingWith("... and 10 more bad lines; mend them, or take them out");
    }

    private List<List<Dialogue>> read(DatasetSettings settings, Path file) throws IOException {
        List<List<Dialogue>> groups = new ArrayList<>();
        DialogueFile.open(settings, file.toString(), folder).read(groups::add);
        return groups;
    }

    private static DatasetSettings chats() {
        return settings("messages", OptionalInt.empty());
    }

    private static DatasetSettings oasst(String topK) {
        return settings(
                DatasetSettings.OASST,
                topK.equals("null") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(topK)));
    }

    private static DatasetSettings settings(String name, OptionalInt topK) {
        return new DatasetSettings(
                name, Optional.empty(), OptionalLong.empty(), 0, OptionalLong.empty(), "en", topK, Optional.empty());
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}
