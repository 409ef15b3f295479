package io.millrace.worker.llama;

import io.millrace.job.AnswerOptions;
import io.millrace.job.SamplingParams;
import io.millrace.llamacpp.Llama;
import io.millrace.llamacpp.llama_context;
import io.millrace.llamacpp.llama_context_params;
import io.millrace.llamacpp.llama_memory_i;
import io.millrace.worker.decode.Engine;
import io.millrace.worker.decode.EngineException;
import io.millrace.worker.decode.Scores;
import io.millrace.worker.decode.Tokenizer;
import io.millrace.worker.pipeline.EngineInfo;
import io.millrace.worker.schedule.SavedCells;
import io.millrace.worker.schedule.StepPlan;
import java.util.stream.IntStream;

/**
 * A llama.cpp context over a model.
 *
 * <p>What is chosen here, and why:
 *
 * <ul>
 *   <li>{@code kv_unified}: with streams, one for each slot, attention walks a slot's own cells only; in one buffer the
 *       slots share the cells of a common prefix, which then stay in the CPU's caches. See {@link LlamaEngineConfig}.
 *   <li>Flash attention where the backend has it ({@code AUTO}); it is what makes q8_0 values possible.
 *   <li>{@code n_batch} and {@code n_ubatch} are the step's tokens: a step's decode is then cut only where llama.cpp must.
 *   <li>{@code n_outputs_max} is the number of sequences, the least that llama.cpp takes: logits are large.
 *   <li>{@code no_perf}, because the loop keeps its own time; {@code op_offload} stays on: without a GPU it does nothing,
 *       and with one it moves large prompts' layers that did not fit.
 *   <li>A thread pool kept from step to step; see {@link StepThreads}.
 * </ul>
 *
 * <p>Confined to the decode thread, but for {@link #info} and {@link #tokenizer}.
 */
public final class LlamaEngine implements Engine {
    /** As many samples a job as are common, if all of a job's follow one. */
    private static final int SEQUENCES_A_SLOT = 4;

    private final LoadedModel model;
    private final boolean unified;
    private final boolean savesCells;
    private final llama_context context;
    private final llama_memory_i memory;
    private final StepThreads threads;
    private final LlamaTokenizer tokenizer;
    private final SlotSamplers samplers;
    private final TokenBatch batch;
    private final SlotLengths lengths;
    private final SpareSequence spare;
    private final EngineInfo info;
    /** The adapter that the context decodes with, counted from 1; 0 for none. */
    private int adapter;

    /**
     * Loads the model and makes room for the slots.
     *
     * @throws EngineException when that fails; the message says what to do
     */
    public static LlamaEngine open(LlamaEngineConfig config) {
        return over(LoadedModel.load(config, 1), config);
    }

    /** Makes room for the slots over a model that is loaded; closing the engine closes the model for its part. */
    static LlamaEngine over(LoadedModel model, LlamaEngineConfig config) {
        try {
            return new LlamaEngine(fitted(config, model.weights(), model.runtime()), model);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static LlamaEngineConfig fitted(LlamaEngineConfig wished, GgufModel model, NativeRuntime runtime) {
        LlamaEngineConfig config = wished.fittedTo(model.trainedContextTokens());
        if (config.slots() > 0) {
            return config;
        }
        boolean gpu = runtime.gpus() > 0 && config.gpuLayers() != 0;
        long slotBytes = config.kvType().bytes(model.kvNumbersPerLayer() * model.layers() * (long) config.slotTokens());
        int slots = SlotCount.of(
                gpu,
                gpu ? DeviceMemory.freeOfGpu(config.mainGpu()) : DeviceMemory.freeOfMachine(),
                Math.max(1, slotBytes));
        return config.withSlots(slots, config.slotTokens(), Math.max(slots, config.stepTokens()));
    }

    private LlamaEngine(LlamaEngineConfig config, LoadedModel loaded) {
        GgufModel model = loaded.weights();
        NativeRuntime runtime = loaded.runtime();
        if (!model.keepsPositions()) {
            throw new EngineException("the model " + config.model() + " (" + model.description()
                    + ") is not a decoder whose cache can be cut at a position; Millrace runs those only");
        }
        this.model = loaded;
        this.unified = config.kvUnified();
        this.savesCells = unified && config.slots() < LlamaEngineConfig.MAX_SLOTS;
        Vocabulary vocabulary = new Vocabulary(model.vocabulary());
        tokenizer = new LlamaTokenizer(vocabulary, model.template(vocabulary));
        String sha256 = loaded.digest().sha256();
        int sequences = sequences(config);
        context = createContext(config, model, runtime);
        memory = Llama.llama_get_memory(context);
        spare = new SpareSequence(context, sequences);
        threads = StepThreads.attach(context, config.threads(), config.batchThreads());
        samplers = new SlotSamplers(sequences, vocabulary.size(), config.samplingThreads());
        IntStream.range(0, vocabulary.size()).filter(vocabulary::silent).forEach(samplers::ban);
        batch = new TokenBatch(config.stepTokens());
        lengths = new SlotLengths(sequences, config.slotTokens(), config.stepTokens(), vocabulary.size());
        long numbers = model.kvNumbersPerLayer() * model.layers() * config.slots() * config.slotTokens();
        info = new EngineInfo(
                config.model().getFileName().toString(),
                sha256,
                model.description(),
                model.quantization(),
                tokenizer.templateName(),
                runtime.version(),
                model.parameters(),
                model.bytes(),
                model.trainedContextTokens(),
                model.ropeFreqBase(),
                config.slots(),
                sequences,
                config.slotTokens(),
                config.stepTokens(),
                config.kvType().bytes(numbers),
                runtime.backends(),
                config.threads(),
                loaded.adapters().names());
    }

    /**
     * In one buffer more sequences can run than have cells: samples of a job that follow another one. One sequence is left
     * to save cells with, if possible.
     */
    private static int sequences(LlamaEngineConfig config) {
        int slots = config.slots();
        return config.kvUnified() && slots > 1
                ? Math.max(slots, Math.min(LlamaEngineConfig.MAX_SLOTS - 1, slots * SEQUENCES_A_SLOT))
                : slots;
    }

    private static llama_context createContext(LlamaEngineConfig config, GgufModel model, NativeRuntime runtime) {
        int slotCells = config.slots() * config.slotTokens();
        // In one buffer there is a sequence more than slots, for the cells that are just saved or restored.
        int cells = config.kvUnified() ? slotCells + SpareSequence.CELLS : slotCells;
        int sequences =
                config.kvUnified() ? Math.min(LlamaEngineConfig.MAX_SLOTS, sequences(config) + 1) : config.slots();
        llama_context_params params = Llama.llama_context_default_params()
                .n_ctx(cells)
                .n_seq_max(sequences)
                .n_batch(config.stepTokens())
                .n_ubatch(config.stepTokens())
                .n_outputs_max(sequences)
                .n_threads(config.threads())
                .n_threads_batch(config.batchThreads())
                .type_k(config.kvType().ggmlType())
                .type_v(config.kvType().ggmlType())
                .flash_attn_type(Llama.LLAMA_FLASH_ATTN_TYPE_AUTO)
                .kv_unified(config.kvUnified())
                .no_perf(true);
        runtime.log().takeComplaints();
        llama_context context = Llama.llama_init_from_model(model.handle(), params);
        if (context == null || context.isNull()) {
            throw new EngineException("llama.cpp cannot make a context of " + config.slots() + " slots of "
                    + config.slotTokens() + " tokens (" + config.kvType() + "); there may be too little memory: try"
                    + " fewer slots, shorter ones, or the Q8_0 cache."
                    + runtime.log().takeComplaints());
        }
        int sequenceCells = config.kvUnified() ? cells : config.slotTokens();
        if (Llama.llama_n_ctx_seq(context) != sequenceCells || Llama.llama_n_batch(context) < config.stepTokens()) {
            String got =
                    Llama.llama_n_ctx_seq(context) + " tokens a slot and " + Llama.llama_n_batch(context) + " a step";
            Llama.llama_free(context);
            throw new EngineException("llama.cpp made a context of " + got + ", not of " + config.slotTokens() + " and "
                    + config.stepTokens());
        }
        return context;
    }

    @Override
    public EngineInfo info() {
        return info;
    }

    @Override
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public void seat(int slot, SamplingParams params, long seed, int[] prompt) {
        samplers.seat(slot, params, seed, prompt);
        AnswerOptions answer = params.answer();
        if (answer.constrained()) {
            samplers.constrain(
                    slot, model.weights().vocabulary(), tokenizer.grammars().gbnf(answer.format()));
        }
        answer.topLogprobs().ifPresent(top -> samplers.score(slot, top));
    }

    @Override
    public Scores scores(int slot) {
        return samplers.scores(slot);
    }

    @Override
    public boolean savesCells() {
        return savesCells;
    }

    @Override
    public SavedCells save(int slot, int from, int to) {
        if (!savesCells) {
            throw new IllegalStateException("this engine has no sequence to save cells with");
        }
        lengths.checkSave(slot, from, to);
        return spare.save(slot, from, to);
    }

    @Override
    public void step(StepPlan plan, int[] out) {
        lengths.check(plan, out.length);
        lengths.accept();
        try {
            for (int i = 0; i < plan.operationCount(); i++) {
                operate(plan, i);
            }
            decode(plan, out);
        } catch (EngineException e) {
            emptySlots(plan);
            throw e;
        }
    }

    private void operate(StepPlan plan, int i) {
        int slot = plan.operationSlot(i);
        if (plan.restores(i)) {
            spare.restore(slot, plan.operationCells(i), plan.operationFromTokens(i), plan.operationKeptTokens(i));
        } else {
            keep(slot, plan.operationFromSlot(i), plan.operationKeptTokens(i));
        }
    }

    private void decode(StepPlan plan, int[] out) {
        if (plan.adapter() != adapter) {
            model.adapters().use(context, plan.adapter());
            adapter = plan.adapter();
        }
        batch.fill(plan, samplers);
        int result = batch.decode(context);
        if (result != 0) {
            throw new EngineException("llama.cpp could not decode a step of " + plan.tokenCount() + " tokens and "
                    + plan.drawCount() + " draws (code " + result + "; 1: no room in the cache, 2: aborted,"
                    + " below 0: failed)");
        }
        samplers.sample(context, out);
    }

    /**
     * Streams copy whole or not at all (a part would end the process), so the rest is cut off afterwards. The cells'
     * places are copied at once, their contents at the beginning of the next decode. In a unified cache nothing is
     * copied: the cells belong to both slots then.
     */
    private void keep(int slot, int from, int kept) {
        if (from != slot && kept > 0 && unified) {
            Llama.llama_memory_seq_rm(memory, slot, -1, -1);
            Llama.llama_memory_seq_cp(memory, from, slot, 0, kept);
            return;
        }
        if (from != slot && kept > 0) {
            Llama.llama_memory_seq_cp(memory, from, slot, -1, -1);
        }
        Llama.llama_memory_seq_rm(memory, slot, kept == 0 ? -1 : kept, -1);
    }

    private void emptySlots(StepPlan plan) {
        for (int i = 0; i < plan.operationCount(); i++) {
            empty(plan.operationSlot(i));
        }
        for (int i = 0; i < plan.tokenCount(); i++) {
            empty(plan.slot(i));
        }
    }

    private void empty(int slot) {
        Llama.llama_memory_seq_rm(memory, slot, -1, -1);
        lengths.empty(slot);
    }

    @Override
    public void close() {
        samplers.close();
        Llama.llama_free(context);
        threads.close();
        batch.close();
        model.close();
    }
}
