package io.millrace.cli;

import io.millrace.producer.dataset.DialogueFile;
import io.millrace.producer.megatron.SplitFiles;
import io.millrace.producer.megatron.TarGz;
import io.millrace.producer.pretokenize.ChatTokens;
import io.millrace.producer.pretokenize.DatasetSettings;
import io.millrace.producer.pretokenize.Pretokenization;
import io.millrace.producer.pretokenize.Pretokenization.Planned;
import io.millrace.producer.pretokenize.SequenceSink;
import io.millrace.producer.pretokenize.Settings;
import io.millrace.producer.pretokenize.SettingsException;
import io.millrace.producer.pretokenize.SpecialTokens;
import io.millrace.producer.pretokenize.SplitStats;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes packed training data of chats. */
@Command(
        name = "pretokenize",
        mixinStandardHelpOptions = true,
        description = "Makes packed training data (Megatron .bin and .idx, with a role for every token) of chats.",
        footer = {
            "",
            "Every key of the configuration is an option too: --key VALUE sets it, --no-key unsets it.",
            "",
            "Example:",
            "  millrace pretokenize --config-file examples/pretokenize.yaml --configs orca_megacode_oasst_best",
            "docs/pretokenizer.md has the keys, the formats and the differences from the original."
        })
final class PretokenizeCommand implements Callable<Integer> {
    private static final int PIECES_AHEAD_PER_THREAD = 8;
    private static final Path WORK = Path.of(".millrace", "tmp");

    private CommandSpec spec;

    @Option(
            names = {"--config-file", "--config_file"},
            arity = "1..*",
            paramLabel = "FILE",
            description = "YAML files with named sections (default: all below ./configs).")
    private List<Path> configFiles = new ArrayList<>();

    @Option(
            names = "--configs",
            arity = "1..*",
            required = true,
            paramLabel = "NAME",
            description = "Sections to lay over the defaults, in this order.")
    private List<String> configs;

    @Option(
            names = {"--output-dir", "--output_dir"},
            paramLabel = "DIR",
            description = "Where the files go, instead of output_dir.")
    private String outputDir;

    @Option(
            names = {"--write-json", "--write_json"},
            description = "Also write the chats as JSON lines, {\"text\"}.")
    private boolean writeJson;

    @Option(names = "--compress", description = "Also pack the files into OUTPUT_DIR.tar.gz.")
    private boolean compress;

    @Option(
            names = {"--max-count", "--max_count"},
            paramLabel = "N",
            description = "Take only the first N chats of each dataset's splits.")
    private Long maxCount;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many threads tokenise (default: one a core). The output is the same with any number.")
    private Integer threads;

    /** Makes every key of the configuration an option. */
    @Spec
    void spec(CommandSpec newSpec) {
        spec = newSpec;
        SectionKeys.addTo(newSpec);
    }

    @Override
    public Integer call() throws Exception {
        if ((maxCount != null && maxCount < 1) || (threads != null && threads < 1)) {
            throw new UserError(
                    (maxCount != null && maxCount < 1 ? "--max-count" : "--threads") + " must be at least 1");
        }
        Map<String, Object> overrides = SectionKeys.given(spec.commandLine().getParseResult());
        if (outputDir != null) {
            overrides.put("output_dir", outputDir);
        }
        try {
            Settings settings = Settings.of(SectionFiles.read(configFiles).overlay(configs, overrides));
            Path vocabulary = settings.vocabFile().map(Path::of).orElseGet(BundledModel::file);
            try (VocabularyFile tokenizer = VocabularyFile.open(vocabulary)) {
                run(settings, tokenizer);
            }
        } catch (SettingsException e) {
            throw new UserError(e.getMessage());
        }
        return ExitStatus.OK;
    }

    private void run(Settings settings, VocabularyFile tokenizer) throws IOException {
        SpecialTokens special = SpecialTokens.of(tokenizer, settings.extraTokens());
        ChatTokens chats = new ChatTokens(tokenizer, special);
        PrintWriter err = spec.commandLine().getErr();
        List<Planned> planned = new ArrayList<>();
        for (DatasetSettings dataset : settings.datasets()) {
            Planned plan = plan(settings, dataset);
            err.println(dataset.name() + ": " + plan.train().cardinality() + " train, "
                    + plan.validation().cardinality() + " val");
            planned.add(plan);
        }
        err.flush();
        Path folder = Path.of(settings.outputDir());
        Files.createDirectories(folder);
        int count = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        AtomicInteger names = new AtomicInteger();
        ExecutorService tokenizers = Executors.newFixedThreadPool(count, work -> {
            Thread thread = new Thread(work, "tokenize-" + names.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        try {
            write(
                    settings,
                    special,
                    new Pretokenization(
                            chats, settings.minAssistantTokens(), tokenizers, count * PIECES_AHEAD_PER_THREAD),
                    planned);
        } finally {
            // The vocabulary is closed behind this: nobody may still read it.
            stop(tokenizers);
        }
    }

    private static void stop(ExecutorService tokenizers) {
        tokenizers.shutdownNow();
        try {
            while (!tokenizers.awaitTermination(1, TimeUnit.MINUTES)) {
                // A piece of work takes a part of a second.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Planned plan(Settings settings, DatasetSettings dataset) throws IOException {
        String file = settings.file(dataset);
        String path = settings.dataPath()
                .map(parent -> Path.of(parent).resolve(file).toString())
                .orElse(file);
        return Pretokenization.plan(
                DialogueFile.open(dataset, path, WORK),
                dataset,
                settings.seed(),
                maxCount == null ? OptionalLong.empty() : OptionalLong.of(maxCount));
    }

    private void write(Settings settings, SpecialTokens special, Pretokenization work, List<Planned> planned)
            throws IOException {
        Path folder = Path.of(settings.outputDir());
        long total = planned.stream().mapToLong(Planned::dialogues).sum();
        List<Path> files = new ArrayList<>();
        files.add(SplitFiles.writeSpecialTokens(folder, special.ids()));
        Path stem = folder.resolve(settings.prefix());
        try (SplitFiles train = new SplitFiles(sibling(stem, "-train"), special.vocabularySize(), writeJson);
                SplitFiles validation = new SplitFiles(sibling(stem, "-val"), special.vocabularySize(), writeJson);
                Progress progress = new Progress("tokenised", "chats", 0, total, System.err)) {
            work.run(planned, new Written(train, validation, progress, total));
            progress.finish(total, total, "");
            files.addAll(train.finish(work.stats().get(0)));
            files.addAll(validation.finish(work.stats().get(1)));
        }
        if (compress) {
            pack(folder, files);
        }
        PrintWriter out = spec.commandLine().getOut();
        for (SplitStats stats : work.stats()) {
            out.println(stats);
        }
        if (!special.added().isEmpty()) {
            out.println("added behind the vocabulary: " + String.join(" ", special.added())
                    + "; the model to train needs " + special.vocabularySize() + " tokens");
        }
        out.println(folder);
        out.flush();
    }

    private static Path sibling(Path stem, String suffix) {
        return stem.resolveSibling(stem.getFileName() + suffix);
    }

    private static void pack(Path folder, List<Path> files) throws IOException {
        Path absolute = folder.toAbsolutePath().normalize();
        String name = absolute.getFileName().toString();
        TarGz.write(absolute.resolveSibling(name + ".tar.gz"), name, files);
    }

    private record Written(SequenceSink train, SequenceSink validation, Progress progress, long total)
            implements Pretokenization.Output {
        @Override
        public void done(long dialogues) {
            progress.update(dialogues, total, "");
        }
    }
}
