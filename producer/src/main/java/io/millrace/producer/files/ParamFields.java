package io.millrace.producer.files;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.job.InvalidFieldException;
import io.millrace.job.SamplingParams;
import io.millrace.producer.plan.ParamPatch;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Sampling parameters as the body of a batch line has them, for whoever else reads some. Thread-safe. */
public final class ParamFields {

    private ParamFields() {}

    /**
     * Reads an object of parameters and nothing else.
     *
     * @throws LineException when one is not known or has a value that it may not have
     */
    public static ParamPatch read(String json) throws LineException {
        ParamReader params = new ParamReader();
        try (JsonParser parser = RawObject.json().createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                if (!params.read(field, parser)) {
                    UnsupportedFields.check(field, parser);
                    throw new LineException(field, "sets nothing; take it out");
                }
            }
            params.patch().applyTo(SamplingParams.DEFAULTS);
            return params.patch();
        } catch (InvalidFieldException e) {
            throw new LineException(e.field(), e.rule() + ", not " + e.value());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
