package io.millrace.worker.decode;

import io.millrace.job.Job;
import io.millrace.job.JobId;
import io.millrace.job.Message;
import io.millrace.job.SamplingParams;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Jobs for tests. */
public final class Jobs {

    private Jobs() {}

    /** A greedy job of one user message. */
    public static Job asking(long index, String content) {
        return job(index, List.of(new Message("user", content)), params(64, 0, 1));
    }

    public static Job job(long index, List<Message> messages, SamplingParams params) {
        return new Job(new JobId("test", index), "custom-" + index, messages, params, 7, "");
    }

    public static SamplingParams params(int maxTokens, double temperature, int n, String... stop) {
        return params(maxTokens, temperature, n, 0, Map.of(), false, stop);
    }

    public static SamplingParams params(
            int maxTokens,
            double temperature,
            int n,
            double frequencyPenalty,
            Map<Integer, Double> logitBias,
            boolean ignoreEos,
            String... stop) {
        return new SamplingParams(
                maxTokens,
                temperature,
                40,
                0.95,
                0.05,
                1,
                64,
                0,
                frequencyPenalty,
                logitBias,
                OptionalLong.empty(),
                List.of(stop),
                n,
                ignoreEos);
    }
}
