package io.millrace.producer.dataset;

import static io.millrace.producer.dataset.Datasets.check;
import static io.millrace.producer.dataset.Datasets.duck;
import static io.millrace.producer.dataset.Datasets.prompt;
import static io.millrace.producer.dataset.Datasets.request;
import static io.millrace.producer.dataset.Datasets.selecting;
import static io.millrace.producer.dataset.Datasets.template;
import static io.millrace.producer.dataset.Datasets.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.producer.files.InputException;
import io.millrace.producer.files.InputFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user is told of a dataset that cannot be used: one line with the file, the line or row, and what to do. */
class BadDatasetTest {

    @TempDir
    Path folder;

    /** A file by name, its content, and what is said of it; {@code ~} stands for a double quote, ¶ for a line's end. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a.csv   | id,prompt¶1,a¶2,b,c¶           | a.csv:3: has 3 values where the first line has 2 names; put values with commas or line ends in double quotes
            a.csv   | id,prompt¶1,a¶2¶               | a.csv:3: has 1 values where the first line has 2 names; put values with
            a.csv   | id,prompt¶1,~a¶2,b¶            | a.csv:2: has a double quote that does not end where its value does; double the quotes
            a.csv   | id,prompt¶1,~a~ b¶             | a.csv:2: has a double quote that does not end where its value does
            a.csv   | ``                             | a.csv: is empty; the first line must name the columns
            a.csv   | id,id¶1,2¶                     | a.csv:1: two columns are named 'id'; the first line must name each column
            a.csv   | id,,x¶1,2,3¶                   | a.csv:1: a column has no name; the first line must name each column
            a.csv   | id,prompt¶                     | a.csv: gives no row; check
            a.csv   | id,text¶1,a¶                   | a.csv: row 1: has none of the columns prompt, messages, body, conversations and instruction; the row has id, text: name the one to use by --prompt-column
            a.csv   | id,prompt¶1,a¶1,b¶             | a.csv: row 2: custom_id: '1' is that of row 1 too; give each row its own
            a.csv   | prompt¶a¶~~¶                   | a.csv: row 2: has none of the columns prompt
            a.csv   | prompt¶a¶~  ~¶                 | a.csv: row 2: prompt: is blank; take the line out
            a.csv   | messages¶hello¶                | a.csv: row 1: messages: must hold messages, not the text
            a.csv   | messages¶[{]¶                  | a.csv: row 1: messages: must hold JSON, and it is not JSON
            a.json  | [{~prompt~: ~a~}, {~prompt~:   | a.json: row 2: is not JSON at line 1: Unexpected end-of-input
            a.json  | [{~prompt~: ~a~},              | a.json: row 1: is not JSON at line 1: Unexpected end-of-input
            a.json  | [{~prompt~: ~a~} {~prompt~: 1}]| a.json: row 1: is not JSON at line 1
            a.json  | [{~prompt~: ~a~}, 5]           | a.json: row 2: must be a JSON object or string; write one row a line
            a.json  | [{~prompt~: ~a~}, {~prompt~: 5}] | a.json: row 2: prompt: must be a text, not 5
            a.json  | []                             | a.json: gives no row
            a.jsonl | {~conversations~: ~a~}         | a.jsonl:1: conversations: must be an array of {~from~, ~value~}, not
            a.jsonl | {~conversations~: [{~from~: ~gpt~, ~value~: ~a~}]} | a.jsonl:1: conversations: has no turn from human; take the row out
            a.jsonl | {~conversations~: [{~from~: ~tool~, ~value~: ~a~}]} | a.jsonl:1: conversations[0].from: must be human, gpt or system, not 'tool'; tools are not supported
            a.jsonl | {~conversations~: [{~from~: ~human~}]} | a.jsonl:1: conversations[0].value: must be a text
            a.jsonl | {~instruction~: ~ ~}           | a.jsonl:1: instruction: is missing or blank; the row has instruction
            a.jsonl | {~instruction~: ~a~, ~history~: [[~q~]]} | a.jsonl:1: history: must hold pairs of two texts, not [~q~]
            a.jsonl | {~message_tree_id~: ~t~, ~prompt~: ~a~} | a.jsonl:1: prompt: must be a message with text and role, not
            """)
    void aBadFileIsNamedWithItsPlaceAndARemedy(String name, String content, String told) throws IOException {
        Path file = Files.writeString(folder.resolve(name), quoted(content));

        assertThat(refusal(request(file))).contains(quoted(told));
    }

    @Test
    void everyMissingFieldOfATemplateIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("a.jsonl"), "{\"text\": \"a\", \"lang\": null, \"l\": [1]}\n");

        assertThat(refusal(with(request(file), template("{{text}} {{lang}} {{title}}"))))
                .endsWith("a.jsonl:1: lang, title: are missing or null, and --template needs them;"
                        + " the row has text, lang, l");
        assertThat(refusal(with(request(file), template("{{l}}"))))
                .endsWith("a.jsonl:1: l: must be a text or a number for --template, not [1]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Summarise: {{text   | --template: '{{' at character 12 has no '}}' behind it; write {{column}}
            Summarise: {{ }}    | --template: '{{}}' at character 12 names no column; write {{column}}
            Summarise           | --template: names no column, so that all prompts would be alike; write one as {{column}}
            """)
    void aBadTemplateIsRefusedBeforeAnyRowIsRead(String text, String told) {
        assertThat(refusal(() -> Template.of(text))).startsWith(told);
    }

    @Test
    void aColumnThatIsNotThereIsNamedWithThoseThatAre() throws IOException {
        Path table = folder.resolve("t.parquet");
        duck("COPY (SELECT 1 id, 'a' text) TO '" + table + "'");
        Columns id = new Columns(
                Optional.of("text"), Optional.empty(), Optional.empty(), Optional.of("key"), OptionalInt.empty(), "en");

        assertThat(refusal(with(request(table), prompt("question"))))
                .endsWith("t.parquet: row 1: question: is missing or null, and --prompt-column asks for it;"
                        + " the row has id, text");
        assertThat(refusal(with(request(table), prompt("id"))))
                .endsWith("t.parquet: row 1: prompt: must be a text, not 1");
        assertThat(refusal(with(request(table), id)))
                .endsWith("row 1: key: is missing or null, and --id-column asks for it; the row has id, text");
        assertThat(refusal(() -> new Columns(
                        Optional.of("a"),
                        Optional.of("b"),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalInt.empty(),
                        "en")))
                .endsWith("give one of them");
    }

    @Test
    void damagedFilesAreNamed() throws IOException {
        Path table = folder.resolve("t.parquet");
        duck("COPY (SELECT i, 'prompt ' || i prompt FROM range(9000) r(i)) TO '" + table + "'");
        byte[] whole = Files.readAllBytes(table);
        Path cut = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(whole, whole.length - 100));
        Path text = Files.writeString(folder.resolve("text.parquet"), "{\"prompt\": \"a\"}\n");
        Path csv = Files.write(folder.resolve("cut.csv.gz"), cutGzip("id,prompt\n" + "1,some text\n".repeat(9000)));
        Path array = Files.write(folder.resolve("cut.json.gz"), cutGzip("[" + "{\"prompt\": \"a\"},".repeat(9000)));
        Path lines = Files.write(folder.resolve("cut.jsonl.gz"), cutGzip("{\"text\": \"a\"}\n".repeat(9000)));

        assertThat(refusal(request(cut))).contains("cut.parquet: No magic bytes", "copy or download it again");
        assertThat(refusal(request(text)))
                .endsWith("text.parquet: is named .parquet and does not start like a Parquet file;"
                        + " copy or download it again");
        assertThat(refusal(request(csv))).contains("cut.csv.gz", "breaks off or is damaged");
        assertThat(refusal(request(array))).contains("cut.json.gz: row ", "breaks off", "copy or download");
        assertThat(refusal(with(request(lines), prompt("text"))))
                .contains("cut.jsonl.gz:", "the compressed data breaks off or is damaged here", "copy or download");
    }

    @Test
    void otherEncodingsAreNamed() throws IOException {
        Path csv =
                Files.write(folder.resolve("a.csv"), "id,prompt\n1,caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        Path head = Files.write(folder.resolve("b.csv"), "caf\u00e9\n1\n".getBytes(StandardCharsets.ISO_8859_1));
        Path lines = Files.write(
                folder.resolve("c.jsonl"),
                "{\"text\": \"ok\"}\n{\"text\": \"caf\u00e9\"}\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(refusal(request(csv)))
                .endsWith("a.csv:2: is not UTF-8; if the file is Latin-1, convert it:"
                        + " iconv -f ISO-8859-1 -t UTF-8 FILE");
        assertThat(refusal(request(head))).contains("b.csv:1: is not UTF-8; if the file is Latin-1, convert it");
        assertThat(refusal(with(request(lines), prompt("text"))))
                .contains("c.jsonl:2: byte 14 (0xE9) is not UTF-8; if the file is Latin-1, convert it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.csv", "a.json", "a.jsonl"})
    void filesThatAreNotUtf8TextAtAllAreNamed(String name) throws IOException {
        String text = name.endsWith("csv") ? "prompt\na\n" : "[{\"prompt\": \"a\"}]";
        Path file = folder.resolve(name);

        Files.write(file, text.getBytes(StandardCharsets.UTF_16));
        assertThat(refusal(with(request(file), prompt("prompt"))))
                .endsWith(name + ": is UTF-16 text, which is not read here; convert it:"
                        + " iconv -f UTF-16 -t UTF-8 FILE");
        Files.write(file, text.getBytes(StandardCharsets.UTF_16LE));
        assertThat(refusal(with(request(file), prompt("prompt"))))
                .endsWith(name + ": is UTF-16LE text, which is not read here; convert it:"
                        + " iconv -f UTF-16LE -t UTF-8 FILE");
        Files.write(file, text.getBytes(StandardCharsets.UTF_16BE));
        assertThat(refusal(selecting(request(file), "SELECT * FROM input")))
                .contains(name + ": is UTF-16BE text, which is not read here");
        Files.writeString(file, "PK\u0003\u0004 and more");
        assertThat(refusal(with(request(file), prompt("prompt"))))
                .endsWith(name + ": is a zip archive or an Excel workbook, which is not read here; unpack it first,"
                        + " or save the workbook as CSV");
    }

    @Test
    void aPromptTooLongForARecordIsRefused() throws IOException {
        Path table = folder.resolve("t.parquet");
        duck("COPY (SELECT 'a' prompt UNION ALL SELECT repeat('x', 20000000)) TO '" + table + "'");
        Path csv = Files.writeString(folder.resolve("a.csv"), "prompt\n" + "x".repeat(20_000_000) + "\n");

        assertThat(refusal(request(table)))
                .endsWith("t.parquet: row 2: is longer than 7340032 bytes, the most for one job; shorten it");
        assertThat(refusal(request(csv))).endsWith("a.csv:2: is longer than the most for one row; shorten it");
    }

    @Test
    void badSqlIsNamedWithoutDuckDbsOwnPlace() throws IOException {
        Path table = folder.resolve("t.parquet");
        duck("COPY (SELECT 1 id, 'a' prompt) TO '" + table + "'");

        assertThat(refusal(selecting(request(table), "SELEC 1")))
                .isEqualTo("--select: Parser Error: syntax error at or near \"1\"; columns and SQL are DuckDB's");
        assertThat(refusal(selecting(request(table), "SELECT nope FROM input")))
                .contains("--select: Referenced column \"nope\" not found in FROM clause!", "\"prompt\"");
        assertThat(refusal(selecting(request(table), "SELECT * FROM rows")))
                .contains("--select: Table with name rows does not exist", "the rows of the files are the table input");
        assertThat(refusal(selecting(request(table), "SELECT * FROM input WHERE id > 5")))
                .endsWith("gives no row; check --select");
        assertThat(refusal(selecting(request(table), "SELECT 1; DROP VIEW input")))
                .startsWith("--select: ");
    }

    @Test
    void foldersAndGlobsWithoutRowsAreNamed() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("empty"));
        Path arrow = Files.createDirectories(folder.resolve("arrow"));
        Files.writeString(arrow.resolve("data-00000-of-00001.arrow"), "x");
        Path several = folder.resolve("several");
        for (String config : new String[] {"main", "socratic"}) {
            Files.createDirectories(several.resolve(config));
            Files.writeString(several.resolve(config + "/train.jsonl"), "\"a\"\n");
        }
        DatasetRequest one = request(several.resolve("main"));
        DatasetRequest test = new DatasetRequest(
                one.inputs(),
                Optional.of("test"),
                one.select(),
                one.format(),
                one.columns(),
                one.limit(),
                one.sample(),
                false,
                0);

        Path saved = Files.createDirectories(folder.resolve("saved/train")).getParent();
        Files.writeString(saved.resolve("dataset_dict.json"), "{\"splits\": [\"train\"]}");
        Files.writeString(saved.resolve("train/data-00000-of-00001.arrow"), "x");

        assertThat(refusal(request(saved))).contains("saved: holds Arrow files, which are not read here");
        assertThat(refusal(request(empty))).contains("empty: holds no .parquet, .jsonl, .json, .csv or .tsv file");
        assertThat(refusal(request(arrow))).contains("arrow: holds Arrow files, which are not read here; write them");
        assertThat(refusal(request(several))).contains("several: has data in several folders", "main", "socratic");
        assertThat(refusal(test)).endsWith("main: has no split 'test', but train; name one by --split");
        assertThat(refusal(request(folder.resolve("*.none")))).endsWith("*.none: matches no file");
        assertThat(refusal(request(folder.resolve("none.csv")))).endsWith("none.csv: no such file");
    }

    @Test
    void treesInNoLanguageAskedForAreSaid() throws IOException {
        Columns german = new Columns(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.empty(), "de");

        assertThat(refusal(with(
                        with(request(Datasets.resource("en_100_tree.jsonl.zst")), german), InputFormat.OASST_THREADS)))
                .endsWith("gives no row; check the file, and for message trees --oasst-lang and top-k");
    }

    @Test
    void noMoreThanTwentyBadRowsAreShown() throws IOException {
        Path csv = Files.writeString(folder.resolve("a.csv"), "text\n" + "a\n".repeat(50));

        assertThat(refusal(request(csv)).lines()).hasSize(21).last().asString().startsWith("... and 30 more bad lines");
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private String refusal(DatasetRequest request) {
        return refusal(() -> check(request, folder.resolve("work")));
    }

    private static String refusal(Attempt attempt) {
        try {
            attempt.run();
        } catch (InputException e) {
            return e.getMessage();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("not refused");
    }

    private static byte[] cutGzip(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return Arrays.copyOf(packed.toByteArray(), packed.size() / 2);
    }

    private static String quoted(String text) {
        return text.replace('~', '"').replace('\u00b6', '\n');
    }
}
