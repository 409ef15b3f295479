package io.millrace.worker.llama;

import io.millrace.llamacpp.Llama;
import io.millrace.worker.decode.EngineException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;

/** llama.cpp's grammar of the JSON values that a JSON Schema allows. Thread-safe; needs no model. */
public final class SchemaGrammar {

    private SchemaGrammar() {}

    /** Why there is no grammar of this schema, if there is none. Loads llama.cpp's libraries. */
    public static Optional<String> fault(String schema) {
        NativeRuntime.load(Optional.empty());
        try {
            of(schema);
            return Optional.empty();
        } catch (EngineException e) {
            return Optional.of(e.getMessage());
        }
    }

    static String of(String schema) {
        SchemaKeywords.passedOver(schema).ifPresent(keyword -> {
            throw new EngineException("response_format: answers cannot be held to " + keyword + "; take it out");
        });
        try (BytePointer text = new BytePointer(schema.getBytes(StandardCharsets.UTF_8));
                BytePointer grammar = Llama.millrace_schema_to_gbnf(text)) {
            return grammar.getString(StandardCharsets.UTF_8);
        } catch (RuntimeException e) { // JavaCPP's form of a C++ exception
            throw new EngineException(
                    "response_format: llama.cpp cannot hold an answer to this schema: "
                            + String.valueOf(e.getMessage())
                                    .replaceAll("\\s+", " ")
                                    .strip(),
                    e);
        }
    }
}
