package io.millrace.cli;

import io.millrace.producer.plan.Sweep;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The models of a sweep: their names as workers have them, and, where this machine is to start the workers, their files.
 *
 * <p>Immutable.
 *
 * @param sweep with names, whatever its configuration had
 * @param ofRun the model of points that name none
 * @param files one a worker; empty without {@code --local}
 */
record SweptModels(Sweep sweep, String ofRun, List<Path> files) {

    SweptModels {
        files = List.copyOf(files);
    }

    /** @throws UserError when a file is missing, or two have the same name */
    static SweptModels of(Sweep sweep, RunFlags flags) {
        boolean runsOwn = flags.modelGiven() || !sweep.namesAllModels();
        if (!flags.local()) {
            return new SweptModels(
                    sweep,
                    runsOwn ? flags.modelName() : sweep.models().iterator().next(),
                    List.of());
        }
        Map<String, Path> files = new LinkedHashMap<>();
        if (!sweep.namesAllModels()) {
            files.put(flags.modelName(), flags.modelFile());
        }
        for (String model : sweep.models()) {
            Path file = Path.of(model);
            flags.engine().options(file);
            Path other = files.putIfAbsent(EngineFlags.modelName(file), file);
            if (other != null && !other.equals(file)) {
                throw new UserError("models " + other + " and " + file + " have the same name, and so the same workers:"
                        + " rename one");
            }
        }
        if (files.size() > 1) {
            flags.engine().requireNoDigest();
        }
        Sweep named = sweep.withModels(model -> EngineFlags.modelName(Path.of(model)));
        return new SweptModels(
                named, runsOwn ? flags.modelName() : named.models().iterator().next(), List.copyOf(files.values()));
    }
}
