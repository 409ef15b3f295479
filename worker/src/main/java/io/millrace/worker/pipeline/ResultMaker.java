package io.millrace.worker.pipeline;

import io.millrace.job.FailureKind;
import io.millrace.job.JobId;
import io.millrace.job.JobResult;
import io.millrace.job.Provenance;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Makes results of what the engine says, with their provenance.
 *
 * <p>Confined to the pipeline's thread.
 */
final class ResultMaker {
    private final String model;
    private final String worker;
    private final LongSupplier epochMillis;
    private final JobTraces traces;
    private Optional<EngineInfo> engine = Optional.empty();

    ResultMaker(String model, String worker, LongSupplier epochMillis, JobTraces traces) {
        this.model = model;
        this.worker = worker;
        this.epochMillis = epochMillis;
        this.traces = traces;
    }

    void engine(EngineInfo info) {
        engine = Optional.of(info);
    }

    PartitionWork.Pending answered(TakenJob job, Decoder.Outcome.Answered answer) {
        JobResult result = new JobResult.Completed(
                job.job.id(),
                job.job.customId(),
                answer.choices(),
                answer.usage(),
                answer.timings(),
                provenance(model(job), job.attempt(), job.job.replay()),
                epochMillis.getAsLong() / 1000,
                job.job.metadata());
        return pending(job.offset, result, List.of(), job.trace(traces));
    }

    PartitionWork.Pending failed(TakenJob job, FailureKind kind, String message) {
        JobResult.Failed result = new JobResult.Failed(
                job.job.id(),
                job.job.customId(),
                kind,
                message,
                provenance(model(job), job.attempt(), job.job.replay()),
                epochMillis.getAsLong() / 1000,
                job.job.metadata());
        JobTraces.Trace trace = job.trace(traces);
        // Nobody wants the jobs of a cancelled run again; there may be millions.
        List<ResultSink.DeadJob> dead = kind == FailureKind.CANCELLED
                ? List.of()
                : List.of(new ResultSink.DeadJob(job.value, result, job.history, trace.context()));
        return pending(job.offset, result, dead, trace);
    }

    /** A record that is no job: it fails at once, by the id in its headers where there is one. */
    PartitionWork.Pending unreadable(Received.Unreadable record) {
        JobId id = record.id().orElseGet(() -> new JobId("unknown", record.offset()));
        JobResult.Failed result = new JobResult.Failed(
                id,
                id.toString(),
                FailureKind.INVALID_JOB,
                record.reason(),
                provenance(model, 1, record.replay()),
                epochMillis.getAsLong() / 1000,
                "");
        JobTraces.Trace trace = traces.begin(id, Optional.empty(), record.trace());
        trace.ended(result);
        return new PartitionWork.Pending(
                record.offset(),
                record.id().isPresent() ? List.of(new ResultSink.TracedResult(result, trace.context())) : List.of(),
                List.of(new ResultSink.DeadJob(record.value(), result, List.of(), trace.context())),
                trace);
    }

    private static PartitionWork.Pending pending(
            long offset, JobResult result, List<ResultSink.DeadJob> dead, JobTraces.Trace trace) {
        trace.ended(result);
        return new PartitionWork.Pending(
                offset, List.of(new ResultSink.TracedResult(result, trace.context())), dead, trace);
    }

    /** With the adapter that the job asks for. */
    private String model(TakenJob job) {
        String lora = job.job.params().answer().lora();
        return lora.isEmpty() ? model : model + "+" + lora;
    }

    private Provenance provenance(String name, int attempt, int replay) {
        return new Provenance(
                name,
                engine.map(EngineInfo::modelSha256).orElse(""),
                engine.map(EngineInfo::quantization).orElse(""),
                engine.map(EngineInfo::template).orElse(""),
                engine.map(EngineInfo::engine).orElse(""),
                worker,
                attempt,
                replay);
    }
}
