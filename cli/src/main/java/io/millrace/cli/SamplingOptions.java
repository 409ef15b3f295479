package io.millrace.cli;

import io.millrace.job.InvalidFieldException;
import io.millrace.job.SamplingParams;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sampling for jobs whose line says nothing. */
final class SamplingOptions {

    @Option(
            names = "-n",
            paramLabel = "N",
            defaultValue = "1",
            description = "Samples a job (default: ${DEFAULT-VALUE}).")
    private int n;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "256",
            description = "The most tokens of a sample (default: ${DEFAULT-VALUE}).")
    private int maxTokens;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "0.8",
            description = "0 takes the most likely token (default: ${DEFAULT-VALUE}).")
    private double temperature;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            defaultValue = "40",
            description = "Keep the K most likely tokens, 0 keeps all (default: ${DEFAULT-VALUE}).")
    private int topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "0.95",
            description =
                    "Keep the most likely tokens up to this probability, 1 keeps all (default: ${DEFAULT-VALUE}).")
    private double topP;

    @Option(
            names = "--min-p",
            paramLabel = "P",
            defaultValue = "0.05",
            description =
                    "Drop tokens less likely than P times the most likely, 0 keeps all (default: ${DEFAULT-VALUE}).")
    private double minP;

    @Option(
            names = "--repeat-penalty",
            paramLabel = "X",
            defaultValue = "1",
            description = "Penalty on recent tokens, 1 is off (default: ${DEFAULT-VALUE}).")
    private double repeatPenalty;

    @Option(
            names = "--repeat-last-n",
            paramLabel = "N",
            defaultValue = "64",
            description = "How far back penalties look, -1 means all (default: ${DEFAULT-VALUE}).")
    private int repeatLastN;

    @Option(
            names = "--presence-penalty",
            paramLabel = "X",
            defaultValue = "0",
            description = "Subtracted from recent tokens (default: ${DEFAULT-VALUE}).")
    private double presencePenalty;

    @Option(
            names = "--frequency-penalty",
            paramLabel = "X",
            defaultValue = "0",
            description = "Subtracted from recent tokens, times their count (default: ${DEFAULT-VALUE}).")
    private double frequencyPenalty;

    @Option(
            names = "--logit-bias",
            paramLabel = "ID=X",
            description = "Add X to a token's logit; -100 bans it. Repeatable.")
    private Map<Integer, Double> logitBias = new LinkedHashMap<>();

    @Option(names = "--stop", paramLabel = "TEXT", description = "A text that ends a sample. Repeatable.")
    private List<String> stop = new ArrayList<>();

    @Option(names = "--ignore-eos", description = "Go on to --max-tokens though the model ends its turn.")
    private boolean ignoreEos;

    @Mixin
    private AnswerFlags answer = new AnswerFlags();

    SamplingParams params() {
        try {
            return new SamplingParams(
                    maxTokens,
                    temperature,
                    topK,
                    topP,
                    minP,
                    repeatPenalty,
                    repeatLastN,
                    presencePenalty,
                    frequencyPenalty,
                    logitBias,
                    OptionalLong.empty(),
                    stop,
                    n,
                    ignoreEos,
                    answer.options());
        } catch (InvalidFieldException e) {
            String flag = e.field().equals("n") ? "-n" : "--" + e.field().replace('_', '-');
            throw new UserError(flag + " " + e.rule() + ", not " + e.value());
        }
    }
}
