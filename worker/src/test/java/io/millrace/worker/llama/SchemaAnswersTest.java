package io.millrace.worker.llama;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.millrace.job.AnswerOptions;
import io.millrace.job.Choice;
import io.millrace.job.FinishReason;
import io.millrace.job.Job;
import io.millrace.job.Message;
import io.millrace.job.OutputFormat;
import io.millrace.worker.decode.Jobs;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Twenty schemas of the kinds that people extract data with, each with several jobs on the bundled model; a validator has
 * the last word. {@code -Dschema.jobs=50} makes 1,000 jobs of it.
 */
class SchemaAnswersTest {
    private static final int JOBS = Integer.getInteger("schema.jobs", 2);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    @Test
    void everyCompletedAnswerValidates() throws IOException {
        List<JsonNode> schemas = schemas();
        assertThat(schemas).hasSize(20);
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 20 * JOBS; i++) {
            JsonNode row = schemas.get(i % 20);
            AnswerOptions answer = new AnswerOptions(
                    new OutputFormat.JsonSchema(row.get("schema").toString()), OptionalInt.empty(), "", 0);
            List<Message> messages =
                    List.of(new Message(Message.USER, row.get("prompt").asText()));
            double temperature = 0.4 * (i / 20 % 4);
            jobs.add(Jobs.job(i, messages, Jobs.params(400, temperature, 1).with(answer)));
        }
        LlamaEngineConfig config = LlamaEngineConfig.of(TestFiles.TINY_CHATML)
                .withSlots(16, 768, 256)
                .withThreads(1, 1, 1);
        Answers answers;
        try (LlamaEngine engine = LlamaEngine.open(config)) {
            answers = Answers.of(engine, jobs);
        }
        int completed = 0;
        for (int i = 0; i < jobs.size(); i++) {
            JsonNode row = schemas.get(i % 20);
            Choice choice = answers.choices(i).get(0);
            if (choice.finishReason() == FinishReason.STOP) {
                completed++;
                Schema schema = REGISTRY.getSchema(row.get("schema").toString(), InputFormat.JSON);
                assertThat(schema.validate(choice.text(), InputFormat.JSON))
                        .as("%s: %s", row.get("name").asText(), choice.text())
                        .isEmpty();
            }
        }
        assertThat(completed).as("the others were cut at max_tokens").isGreaterThan(jobs.size() * 3 / 4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"array\",\"items\":{},\"uniqueItems\":true} | uniqueItems at #;",
                "{\"type\":\"number\",\"minimum\":0} | minimum at #, as bounds hold",
                "{\"type\":\"object\",\"properties\":{\"a\":{\"not\":{}}}} | not at #/properties/a;",
                "{\"type\":\"object\",\"properties\":{},\"required\":[\"b\"]} | required at #, which names \"b\"",
                "{\"anyOf\":[{\"type\":\"integer\",\"multipleOf\":5}]} | multipleOf at #/anyOf/0;",
            })
    void whatAnswersCannotBeHeldToIsRefusedByNameAndPlace(String schema, String words) {
        assertThat(SchemaGrammar.fault(schema).orElseThrow()).contains(words).endsWith("take it out");
    }

    @Test
    void whatOnlyDescribesPasses() {
        assertThat(SchemaGrammar.fault(
                        "{\"title\":\"T\",\"description\":\"d\",\"type\":\"array\",\"items\":{\"type\":\"string\","
                                + "\"format\":\"email\",\"examples\":[\"a\"]},\"uniqueItems\":false}"))
                .isEmpty();
    }

    private static List<JsonNode> schemas() throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(TestFiles.resource("schemas-20.jsonl"))) {
            rows.add(JSON.readTree(line));
        }
        return rows;
    }
}
