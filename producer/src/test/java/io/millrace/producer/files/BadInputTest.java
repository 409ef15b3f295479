package io.millrace.producer.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user is told of an input that cannot be used. */
class BadInputTest {
    private static final String GOOD = "{\"prompt\": \"good\"}\n";

    @TempDir
    Path folder;

    /** The second line of a file of objects, and what is said of it; {@code ~} stands for a double quote. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {~prompt~: ~a}                         | :2: is not JSON at byte 15: Unexpected end-of-input
            {~prompt~: ~a~                         | :2: is not JSON at byte 15: Unexpected end-of-input: expected close marker for Object; write one JSON value a line
            {prompt: ~a~}                          | :2: is not JSON at byte 2: Unexpected character ('p'
            {~prompt~: ~a~} {~prompt~: ~b~}        | :2: has more text after the object; write one object a line
            {~prompt~: ~a~, ~prompt~: ~b~}         | :2: is not JSON at byte 25: Duplicate field 'prompt'
            {~prompt~: NaN}                        | :2: is not JSON at byte 15: Non-standard token 'NaN'
            ~a string~                             | :2: must be a JSON object; put lines of another kind into a file of their own
            [1, 2]                                 | :2: must be a JSON object; put lines of another kind
            plain text                             | :2: must be a JSON object; put lines of another kind
            {~text~: ~a~, ~lang~: ~en~}            | :2: has none of the fields prompt, messages and body; it has text, lang: name the one to use by --prompt-column
            {}                                     | :2: has none of the fields prompt, messages and body; it has no field
            {~prompt~: null}                       | :2: has none of the fields prompt, messages and body
            {~prompt~: 5}                          | :2: prompt: must be a text, not 5
            {~prompt~: [~a~]}                      | :2: prompt: must be a text, not an array
            {~prompt~: ~  ~}                       | :2: prompt: is blank; take the line out
            {~prompt~: ~\\ud83d~}                  | :2: prompt: holds half of a surrogate pair, \\ud83d at character 1
            {~prompt~: ~a~, ~messages~: []}        | :2: prompt: and messages are both there; name the one to use by --input-format
            {~prompt~: ~a~, ~id~: 1.5}             | :2: id: must be a text or a whole number, not 1.5
            {~prompt~: ~a~, ~custom_id~: true}     | :2: custom_id: must be a text or a whole number, not true
            {~prompt~: ~a~, ~id~: ~~}              | :2: id: must have 1 to 512 characters, not 0
            {~prompt~: ~a~, ~id~: ~line-1~}        | :2: custom_id: 'line-1' is that of line 1 too; give each line its own
            {~messages~: ~a~}                      | :2: messages: must be an array of {~role~, ~content~}, not the text 'a'
            {~messages~: []}                       | :2: messages: is empty; give at least one message
            {~messages~: [~a~]}                    | :2: messages[0]: must be an object with role and content, not the text 'a'
            {~messages~: [{~content~: ~a~}]}       | :2: messages[0].role: is missing; give system, user or assistant
            {~messages~: [{~role~: ~user~}]}       | :2: messages[0].content: is missing; give a text
            {~messages~: [{~role~: ~human~, ~content~: ~a~}]} | :2: messages[0].role: must be system, user or assistant, not 'human'
            {~messages~: [{~role~: ~tool~, ~content~: ~a~}]} | :2: messages[0].role: must be system, user or assistant, not 'tool'; tools are not supported
            {~messages~: [{~role~: ~user~, ~content~: 5}]} | :2: messages[0].content: must be a text, not 5
            {~messages~: [{~role~: ~user~, ~content~: [{~type~: ~image_url~, ~image_url~: {}}]}]} | :2: messages[0].content[0].type: must be text, not 'image_url'; images, audio and files are not supported
            {~messages~: [{~role~: ~user~, ~content~: ~a~, ~nam~: ~b~}]} | :2: messages[0].nam: is not known in a message; only role and content are: take it out
            {~body~: ~a~}                          | :2: body: must be an object, not ~a~
            {~body~: {~prompt~: ~a~}}              | :2: body.prompt: is not a field that Millrace knows
            {~body~: {}}                           | :2: body.messages: is missing; give an array
            {~method~: ~GET~, ~body~: {}}          | :2: method: must be POST, not ~GET~; other requests are not supported
            {~url~: ~/v1/embeddings~, ~body~: {}}  | :2: url: must be /v1/chat/completions, not ~/v1/embeddings~
            """)
    void aBadLineIsNamedWithItsFieldAndARemedy(String line, String told) throws IOException {
        assertThat(refusal(GOOD + quoted(line) + "\n" + GOOD)).contains("input.jsonl" + quoted(told));
    }

    /** Fields of a request's body beside its messages. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ~temprature~: 1              | body.temprature: is not a field that Millrace knows; check its name
            ~temperature~: ~hot~         | body.temperature: must be a number, not the text 'hot'
            ~temperature~: -1            | body.temperature: must be from 0 to 100, not -1.0
            ~top_p~: 0                   | body.top_p: must be above 0 and at most 1 (off), not 0.0
            ~max_tokens~: 0              | body.max_tokens: must be at least 1, not 0
            ~max_tokens~: 1.5            | body.max_tokens: must be a whole number of 64 bits, not 1.5
            ~max_tokens~: 5000000000     | body.max_tokens: must be a whole number of 32 bits, not 5000000000
            ~max_tokens~: 5, ~max_completion_tokens~: 6 | body.max_completion_tokens: is 6, and max_tokens and max_completion_tokens say the same thing
            ~seed~: 99999999999999999999 | body.seed: must be a whole number of 64 bits, not 99999999999999999999
            ~n~: 0                       | body.n: must be from 1 to 1024, not 0
            ~stop~: [5]                  | body.stop[0]: must be a text, not 5
            ~stop~: ~~                   | body.stop: must be texts of at least one character
            ~logit_bias~: []             | body.logit_bias: must map token ids to numbers, not be an array
            ~logit_bias~: {~the~: 1}     | body.logit_bias: must map token ids to numbers; 'the' is no token id
            ~ignore_eos~: 1              | body.ignore_eos: must be true or false, not 1
            ~tools~: [{}]                | body.tools: tools are not supported; take the field out
            ~logprobs~: 5                | body.logprobs: must be true or false, not 5
            ~logprobs~: true, ~top_logprobs~: 21 | body.top_logprobs: must be from 0 to 20, not 21
            ~top_logprobs~: 3            | body.top_logprobs: must be 0 unless logprobs is true, not 3
            ~loop_stop~: 5               | body.loop_stop: must be 0 (off) or from 6 to 4096 tokens, not 5
            ~guided_json~: {~a~: 1}      | body.guided_json: write the schema as response_format; take the field out
            ~stream~: true               | body.stream: results come whole; take the field out
            ~grammar~: ~root ::= x~      | body.grammar: is wrong at line 1, column 10: it uses the rule x, which it does not have, not root ::= x
            ~grammar~: ~root ::= [a]~, ~response_format~: {~type~: ~json_object~} | body.response_format: and grammar both say what the answer is like; give one of them
            ~grammar~: ~root ::= [a]~, ~ignore_eos~: true | body.ignore_eos: must be false with a response_format or grammar, which says when a text ends, not true
            ~response_format~: {~type~: ~xml~} | body.response_format.type: must be text, json_object or json_schema, not 'xml'
            ~response_format~: {~type~: ~json_schema~} | body.response_format.json_schema.schema: is missing; give a JSON Schema
            ~response_format~: {~type~: ~json_schema~, ~json_schema~: {~schema~: true}} | body.response_format.json_schema.schema: must be a JSON Schema, which is an object, not true
            ~repetition_penalty~: 1.1    | body.repetition_penalty: write it as repeat_penalty; take the field out
            """)
    void aBadFieldOfABodyIsNamedWithARemedy(String fields, String told) throws IOException {
        String line = "{\"body\": {\"messages\": [{\"role\": \"user\", \"content\": \"a\"}], " + quoted(fields) + "}}";

        assertThat(refusal(GOOD + line)).contains("input.jsonl:2: " + quoted(told));
    }

    /** The first line where the kind of file cannot be told. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [{~prompt~: ~a~}]  | :1: is a JSON array; write one row a line: jq -c '.[]' FILE
            What is 1 + 1?     | :1: is neither a JSON string nor a JSON object; write one a line, for plain text: jq -R . FILE
            id,prompt          | :1: is neither a JSON string nor a JSON object
            5                  | :1: is neither a JSON string nor a JSON object
            PAR1xxxx           | : is a Parquet file, which is not read here; write it as JSON lines first
            BZh9               | : is a bzip2 file, which is not read here; unpack it first
            """)
    void anotherKindOfFileIsNamed(String text, String told) throws IOException {
        assertThat(refusal(quoted(text))).contains("input.jsonl" + told);
    }

    @Test
    void aFileOfStringsRefusesAnotherKindOfLine() throws IOException {
        assertThat(refusal("\"a\"\n{\"prompt\": \"b\"}\n"))
                .contains("input.jsonl:2: must be a JSON string as the first line is, not an object;");
        assertThat(refusal("\"a\" \"b\"\n")).contains(":1: has more text after the string; write one a line");
    }

    @Test
    void twoTasksOfOneNameAreNamedWithBothLines() throws IOException {
        assertThat(refusal("{\"prompt\": \"a\", \"id\": \"x\"}\n\n{\"prompt\": \"b\", \"custom_id\": \"x\"}\n"))
                .endsWith("input.jsonl:3: custom_id: 'x' is that of line 1 too; give each line its own");
        assertThat(refusal("{\"prompt\": \"a\", \"id\": \"line-2\"}\n{\"prompt\": \"b\"}\n"))
                .endsWith("input.jsonl:2: custom_id: 'line-2' is that of line 1 too; give each line its own");
    }

    @Test
    void emptyInputsAreRefused() throws IOException {
        assertThat(refusal("")).endsWith("input.jsonl: is empty; write one prompt a line");
        assertThat(refusal("\n \r\n\n")).endsWith("input.jsonl: is empty; write one prompt a line");
    }

    @Test
    void bytesThatAreNotUtf8AreNamedWithTheirPlace() throws IOException {
        assertThat(refusal("\"caf\u00e9\"".getBytes(StandardCharsets.ISO_8859_1)))
                .endsWith("input.jsonl:1: byte 5 (0xE9) is not UTF-8; if the file is Latin-1, convert it:"
                        + " iconv -f ISO-8859-1 -t UTF-8 FILE");
        assertThat(refusal("\"a\"".getBytes(StandardCharsets.UTF_16)))
                .endsWith("input.jsonl: is UTF-16 text, which is not read here;"
                        + " convert it: iconv -f UTF-16 -t UTF-8 FILE");
        assertThat(refusal("\"a\"\n\"b\u0000\"\n".getBytes(StandardCharsets.UTF_8)))
                .contains("input.jsonl:2: byte 3 is NUL");
        byte[] overlong = {'"', (byte) 0xC0, (byte) 0xAF, '"'};
        assertThat(refusal(overlong)).contains("input.jsonl:1: byte 2 (0xC0) is not UTF-8");
        byte[] encodedSurrogate = {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'};
        assertThat(refusal(encodedSurrogate)).contains("input.jsonl:1: byte 2 (0xED) is not UTF-8");
    }

    @Test
    void packedDataThatBreaksOffIsNamedWithTheLineReached() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            for (int i = 0; i < 5000; i++) {
                gzip.write(("\"prompt " + i * 7919L % 5003 + "\"\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        byte[] whole = packed.toByteArray();

        assertThat(refusal(Arrays.copyOf(whole, whole.length / 2)))
                .matches("(?s).*input.jsonl:[0-9]+: the compressed data breaks off or is damaged here .*"
                        + "; copy or download the file again");
        assertThat(refusal(Arrays.copyOf(whole, whole.length - 4))).contains("breaks off or is damaged");
        assertThat(refusal(Arrays.copyOf(whole, 6))).contains("starts like gzip and is not");
        byte[] zstd =
                com.github.luben.zstd.Zstd.compress("\"a prompt\"\n".repeat(500).getBytes(StandardCharsets.UTF_8));
        assertThat(refusal(Arrays.copyOf(zstd, zstd.length - 5))).contains("breaks off or is damaged");
    }

    @Test
    void aLineTooLongForARecordIsRefusedAndTheNextOnesAreRead() throws IOException {
        String tooLong = "{\"prompt\": \"" + "x".repeat(20_000_000) + "\"}\n";

        assertThat(refusal(GOOD + tooLong + GOOD + "{}\n"))
                .contains("input.jsonl:2: is longer than 7340032 bytes, the most for one job")
                .contains("input.jsonl:4: has none of the fields");
    }

    @Test
    void noMoreThanTwentyBadLinesAreShownAndTheRestIsCounted() throws IOException {
        String message = refusal(GOOD + "{}\n".repeat(50));

        assertThat(message.lines()).hasSize(21);
        assertThat(message).endsWith("... and 30 more bad lines; --skip-bad-lines leaves them out");
    }

    @Test
    void aMissingFileAndAFolderAreNamed() {
        assertThatExceptionOfType(InputException.class)
                .isThrownBy(() -> InputFile.of(folder.resolve("none.jsonl")))
                .withMessageEndingWith("none.jsonl: no such file");
        assertThatExceptionOfType(InputException.class)
                .isThrownBy(() -> InputFile.of(folder))
                .withMessageEndingWith(": is a folder; name a file in it");
    }

    @Test
    void aFileThatChangesAfterTheCheckIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("input.jsonl"), GOOD);
        CheckedInput input =
                InputCheck.check(InputFile.of(file), InputFormat.AUTO, OptionalLong.empty(), BadLines.refused());
        Files.writeString(file, GOOD + GOOD);

        assertThatExceptionOfType(InputException.class)
                .isThrownBy(() -> input.open(0))
                .withMessageEndingWith(": changed after it was checked; keep it as it is until the run is submitted");
    }

    private String refusal(String text) throws IOException {
        return refusal(text.getBytes(StandardCharsets.UTF_8));
    }

    private String refusal(byte[] content) throws IOException {
        Path file = Files.write(folder.resolve("input.jsonl"), content);
        try {
            InputCheck.check(InputFile.of(file), InputFormat.AUTO, OptionalLong.empty(), BadLines.refused());
        } catch (InputException e) {
            return e.getMessage();
        }
        throw new AssertionError("not refused");
    }

    private static String quoted(String text) {
        return text.replace('~', '"');
    }
}
