package io.millrace.worker.gguf;

import io.millrace.worker.decode.EngineException;
import io.millrace.worker.llama.GgufModel;
import io.millrace.worker.llama.NativeRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

/**
 * Gives mutated models that the check lets through to llama.cpp, weights and all. Arguments: the model, how many mutants.
 * Before each a line says which, so that a death has a name.
 */
public final class MutantLoaderMain {
    private static final long SEED = 11;

    private MutantLoaderMain() {}

    public static void main(String[] arguments) throws Exception {
        Path model = Path.of(arguments[0]);
        int wanted = Integer.parseInt(arguments[1]);
        byte[] bytes = Files.readAllBytes(model);
        byte[] original = bytes.clone();
        int headerBytes = (int) GgufHeader.read(model).bytes();
        NativeRuntime runtime = NativeRuntime.load(Optional.empty());
        Path file = Files.createTempFile("mutant", ".gguf");
        Random random = new Random(SEED);
        int loaded = 0;
        int refused = 0;
        for (int i = 0; loaded + refused < wanted; i++) {
            Mutation mutation = Mutation.of(bytes, original, headerBytes, random);
            if (wellFormed(bytes, mutation.size())) {
                System.out.println("mutant " + i);
                Files.write(file, Arrays.copyOf(bytes, mutation.size()));
                try (GgufModel loadedModel = GgufModel.load(file, 0, 0, runtime)) {
                    loaded++;
                } catch (EngineException e) {
                    refused++;
                }
            }
            mutation.undo();
        }
        Files.delete(file);
        System.out.printf("mutants given to llama.cpp: %d, loaded %d, refused %d%n", wanted, loaded, refused);
        Runtime.getRuntime().halt(0);
    }

    private static boolean wellFormed(byte[] bytes, int size) throws Exception {
        try {
            GgufHeader.read(new ByteChannel(bytes, size));
            return true;
        } catch (GgufException e) {
            return false;
        }
    }
}
