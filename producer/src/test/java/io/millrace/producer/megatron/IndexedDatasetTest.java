package io.millrace.producer.megatron;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.producer.pretokenize.ChatTokens;
import io.millrace.producer.pretokenize.Dialogue;
import io.millrace.producer.pretokenize.DialogueSource;
import io.millrace.producer.pretokenize.LetterTokenizer;
import io.millrace.producer.pretokenize.Pretokenization;
import io.millrace.producer.pretokenize.Role;
import io.millrace.producer.pretokenize.SequenceSink;
import io.millrace.producer.pretokenize.Settings;
import io.millrace.producer.pretokenize.SpecialTokens;
import io.millrace.producer.pretokenize.Turn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexedDatasetTest {

    @TempDir
    Path folder;

    @Test
    void theBytesOfASmallIndexAreThoseOfTheFormat() throws IOException {
        try (IndexedDatasetWriter writer = new IndexedDatasetWriter(folder.resolve("small"), 32_023)) {
            writer.add(new int[] {32021, 1404, 13});
            writer.add(new int[] {65_535});
            writer.finish();
        }

        assertThat(hex("small.idx"))
                .isEqualTo("4d4d4944494458" + "0000" // MMIDIDX, two zeros
                        + "0100000000000000" // version
                        + "08" // uint16
                        + "0200000000000000" // sequences
                        + "0100000000000000" // starts of documents
                        + "03000000" + "01000000" // sizes
                        + "0000000000000000" + "0600000000000000" // offsets in bytes
                        + "0000000000000000"); // the only document's start
        assertThat(hex("small.bin")).isEqualTo("157d" + "7c05" + "0d00" + "ffff");
    }

    @Test
    void idsTakeFourBytesFromAVocabularyOf65500On() throws IOException {
        for (int vocabulary : new int[] {65_499, 65_500}) {
            try (IndexedDatasetWriter writer = new IndexedDatasetWriter(folder.resolve("w"), vocabulary)) {
                writer.add(new int[] {7});
                writer.finish();
            }
            assertThat(hex("w.bin")).isEqualTo(vocabulary == 65_499 ? "0700" : "07000000");
        }
    }

    @Test
    void noSequencesAtAllAreADataset() throws IOException {
        try (IndexedDatasetWriter writer = new IndexedDatasetWriter(folder.resolve("none"), 100)) {
            writer.finish();
        }

        assertThat(MegatronReader.read(folder.resolve("none"))).isEmpty();
    }

    @Test
    void aReaderGetsBackEverySequenceAndRoleWhateverTheThreads() throws IOException {
        List<List<Dialogue>> groups = groups();
        Settings settings = Settings.of(Map.of(
                "datasets", List.of(Map.of("messages", Map.of("val_split", 0.1))),
                "output_dir", "o",
                "filename_prefix", "p"));
        LetterTokenizer letters = new LetterTokenizer();
        SpecialTokens special = SpecialTokens.of(letters, settings.extraTokens());
        ChatTokens chats = new ChatTokens(letters, special);
        List<Dialogue> expected = new ArrayList<>();
        for (int threads = 1; threads <= 3; threads += 2) {
            Path stem = folder.resolve("t" + threads);
            List<List<Dialogue>> written = write(settings, groups, chats, special, threads, stem);
            for (int split = 0; split < 2; split++) {
                String name = stem + (split == 0 ? "-train" : "-val");
                List<int[]> ids = MegatronReader.read(Path.of(name + "-text"));
                List<int[]> roles = MegatronReader.read(Path.of(name + "-role"));
                assertThat(ids).hasSameSizeAs(written.get(split)).hasSameSizeAs(roles);
                for (int i = 0; i < ids.size(); i++) {
                    Dialogue dialogue = written.get(split).get(i);
                    assertThat(ids.get(i)).isEqualTo(chats.encode(dialogue).ids());
                    byte[] role = chats.encode(dialogue).roles();
                    for (int j = 0; j < role.length; j++) {
                        assertThat(roles.get(i)[j]).isEqualTo(role[j]);
                    }
                }
            }
            assertThat(written.get(0).size() + written.get(1).size()).isEqualTo(600);
            if (threads == 1) {
                expected = written.get(0);
            }
            assertThat(written.get(0)).isEqualTo(expected);
        }
    }

    private static List<List<Dialogue>> write(
            Settings settings,
            List<List<Dialogue>> groups,
            ChatTokens chats,
            SpecialTokens special,
            int threads,
            Path stem)
            throws IOException {
        DialogueSource source = taker -> {
            for (List<Dialogue> group : groups) {
                if (!taker.take(group)) {
                    return;
                }
            }
        };
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Dialogue> train = new ArrayList<>();
        List<Dialogue> validation = new ArrayList<>();
        try (SplitFiles trainFiles = new SplitFiles(Path.of(stem + "-train"), special.vocabularySize(), true);
                SplitFiles valFiles = new SplitFiles(Path.of(stem + "-val"), special.vocabularySize(), true)) {
            Pretokenization work = new Pretokenization(chats, settings.minAssistantTokens(), pool, 4);
            Pretokenization.Planned plan =
                    Pretokenization.plan(source, settings.datasets().get(0), settings.seed(), OptionalLong.empty());
            work.run(List.of(plan), new Both(noting(trainFiles, train), noting(valFiles, validation)));
            trainFiles.finish(work.stats().get(0));
            valFiles.finish(work.stats().get(1));
        } finally {
            pool.shutdown();
        }
        return List.of(train, validation);
    }

    private record Both(SequenceSink train, SequenceSink validation) implements Pretokenization.Output {
        @Override
        public void done(long dialogues) {
            assertThat(dialogues).isLessThanOrEqualTo(600);
        }
    }

    private static SequenceSink noting(SequenceSink next, List<Dialogue> seen) {
        return (dialogue, sequence) -> {
            seen.add(dialogue);
            next.add(dialogue, sequence);
        };
    }

    private static List<List<Dialogue>> groups() {
        Random random = new Random(5);
        List<List<Dialogue>> groups = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Turn turn = new Turn(Role.USER, i + " asks ".repeat(random.nextInt(400)));
            groups.add(List.of(
                    new Dialogue(List.of(turn, new Turn(Role.ASSISTANT, "one"))),
                    new Dialogue(List.of(new Turn(Role.SYSTEM, "s"), turn, new Turn(Role.ASSISTANT, "two")))));
        }
        return groups;
    }

    private String hex(String file) throws IOException {
        return HexFormat.of().formatHex(Files.readAllBytes(folder.resolve(file)));
    }
}
