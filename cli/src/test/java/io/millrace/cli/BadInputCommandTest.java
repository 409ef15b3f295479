package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user of the command is told of input that it cannot use: one line, with the file, the line or row, and a remedy. */
class BadInputCommandTest {
    private static final Path PARQUET = Path.of("..", "examples", "tasks.parquet");

    @TempDir
    Path folder;

    /**
     * A kind of bad input; the file's name; how its bytes are made of its text (none: there is no file); its text; more
     * options; the line that the user gets, or its start. {@code ~} stands for a double quote, ¶ for a line's end.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            broken JSON          | a.jsonl    | UTF-8       | {~prompt~: ~a~}¶{~prompt~: ~b}¶ || a.jsonl:2: is not JSON at byte 15: Unexpected end-of-input
            wrong type           | a.jsonl    | UTF-8       | {~prompt~: ~a~}¶{~prompt~: 5}¶ || a.jsonl:2: prompt: must be a text, not 5
            wrong type inside    | a.jsonl    | UTF-8       | {~messages~: [{~role~: ~user~, ~content~: 5}]}¶ || a.jsonl:1: messages[0].content: must be a text, not 5
            no object            | a.jsonl    | UTF-8       | {~prompt~: ~a~}¶[1]¶ || a.jsonl:2: must be a JSON object; put lines of another kind
            no column to take    | a.jsonl    | UTF-8       | {~text~: ~a~}¶ || a.jsonl:1: has none of the fields prompt, messages and body; it has text: name the one to use by --prompt-column
            two ids alike        | a.jsonl    | UTF-8       | {~id~: 1, ~prompt~: ~a~}¶{~id~: 1, ~prompt~: ~b~}¶ || a.jsonl:2: custom_id: '1' is that of line 1 too; give each line its own
            blank prompt         | a.jsonl    | UTF-8       | {~prompt~: ~ ~}¶ || a.jsonl:1: prompt: is blank; take the line out
            half a character     | a.jsonl    | UTF-8       | {~prompt~: ~\\ud83d~}¶ || a.jsonl:1: prompt: holds half of a surrogate pair, \\ud83d at character 1
            parameter too small  | a.jsonl    | UTF-8       | {~body~: {~messages~: [{~role~: ~user~, ~content~: ~a~}], ~temperature~: -1}}¶ || a.jsonl:1: body.temperature: must be from 0 to 100, not -1.0
            unknown role         | a.jsonl    | UTF-8       | {~conversations~: [{~from~: ~tool~, ~value~: ~a~}]}¶ || a.jsonl:1: conversations[0].from: must be human, gpt or system, not 'tool'
            20 MB prompt         | a.jsonl    | 20 MB       | {~prompt~: ~a~}¶{~prompt~: ~LONG~}¶ || a.jsonl:2: is longer than 7340032 bytes, the most for one job; shorten it
            20 MB at the start   | a.jsonl    | 20 MB       | {~prompt~: ~LONG~}¶{~prompt~: ~a~}¶ || a.jsonl:1: is longer than 7340032 bytes, the most for one job; shorten it
            20 MB value in CSV   | a.csv      | 20 MB       | prompt¶a¶LONG¶ || a.csv:3: is longer than the most for one row; shorten it
            plain text           | a.jsonl    | UTF-8       | What is 1 + 1?¶ || a.jsonl:1: is neither a JSON string nor a JSON object; write one a line
            empty file           | a.jsonl    | UTF-8       | `` || a.jsonl: is empty; write one prompt a line
            empty CSV            | a.csv      | UTF-8       | `` || a.csv: is empty; the first line must name the columns
            empty Parquet        | a.parquet  | UTF-8       | `` || a.parquet: is named .parquet and does not start like a Parquet file; copy or download it again
            array without rows   | a.json     | UTF-8       | [] || a.json: gives no row; check the file
            array that ends      | a.json     | UTF-8       | [{~prompt~: ~a~}, {~prompt~: || a.json: row 2: is not JSON at line 1: Unexpected end-of-input
            row of a wrong type  | a.json     | UTF-8       | [{~prompt~: ~a~}, 5] || a.json: row 2: must be a JSON object or string; write one row a line
            text behind an array | a.json     | UTF-8       | [{~prompt~: ~a~}] {~prompt~: ~b~} || a.json: row 1: the array ends here, and more comes behind it; write one array of all rows
            ragged CSV           | a.csv      | UTF-8       | id,prompt¶1,a¶2,b,c¶ || a.csv:3: has 3 values where the first line has 2 names; put values with commas
            open quote           | a.csv      | UTF-8       | id,prompt¶1,~a¶2,b¶ || a.csv:2: has a double quote that does not end where its value does; double the quotes
            column twice         | a.csv      | UTF-8       | prompt,Prompt¶a,b¶ || a.csv:1: two columns are named 'Prompt'; the first line must name each column, and case does not count
            missing column       | a.csv      | UTF-8       | id,text¶1,a¶ | --prompt-column;question | a.csv: row 1: question: is missing or null, and --prompt-column asks for it; the row has id, text
            missing id column    | a.csv      | UTF-8       | id,prompt¶1,a¶ | --id-column;key | a.csv: row 1: key: is missing or null, and --id-column asks for it; the row has id, prompt
            template's field     | a.csv      | UTF-8       | id,text¶1,a¶ | --template;{{title}}: {{text}} {{lang}} | a.csv: row 1: title, lang: are missing or null, and --template needs them; the row has id, text
            template without end | a.csv      | UTF-8       | text¶a¶ | --template;{{text | --template: '{{' at character 1 has no '}}' behind it; write {{column}}
            Latin-1 in UTF-8     | a.jsonl    | ISO-8859-1  | {~prompt~: ~a~}¶{~prompt~: ~caf\u00e9~}¶ || a.jsonl:2: byte 16 (0xE9) is not UTF-8; if the file is Latin-1, convert it: iconv -f ISO-8859-1 -t UTF-8 FILE
            Latin-1 in an array  | a.json     | ISO-8859-1  | [{~prompt~: ~caf\u00e9~}] || a.json: row 1: is not UTF-8 at line 1; if the file is Latin-1, convert it: iconv -f ISO-8859-1 -t UTF-8 FILE
            Latin-1 in CSV       | a.csv      | ISO-8859-1  | prompt¶ok¶caf\u00e9¶ || a.csv:3: is not UTF-8; if the file is Latin-1, convert it: iconv -f ISO-8859-1 -t UTF-8 FILE
            UTF-16               | a.csv      | UTF-16      | prompt¶a¶ || a.csv: is UTF-16 text, which is not read here; convert it: iconv -f UTF-16 -t UTF-8 FILE
            UTF-16 without BOM   | a.jsonl    | UTF-16LE    | {~prompt~: ~a~}¶ || a.jsonl: is UTF-16LE text, which is not read here; convert it: iconv -f UTF-16LE -t UTF-8 FILE
            lines end with CR    | a.csv      | CR          | id,prompt¶1,a¶ || a.csv:1: ends with CR alone, as old Macs write lines; convert the file: tr '\\r' '\\n' <FILE
            object over lines    | a.json     | UTF-8       | {¶  ~prompt~: ~a~¶}¶ || a.json:1: is an object that goes on in the next line; write one row a line: jq -c . FILE
            nested too deep      | a.jsonl    | deep        | {~prompt~: ~a~, ~x~: DEEP}¶ || a.jsonl:1: is not JSON: Document nesting depth (1001) exceeds the maximum allowed (1000); write one JSON value a line
            BOM, CRLF, bad line  | a.jsonl    | CRLF        | \ufeff{~prompt~: ~a~}¶{~prompt~: 5}¶ || a.jsonl:2: prompt: must be a text, not 5
            NUL                  | a.jsonl    | UTF-8       | {~prompt~: ~a~}¶{~prompt~: ~a\u0000b~}¶ || a.jsonl:2: byte 14 is NUL; if this is UTF-16, convert it
            Excel workbook       | a.csv      | UTF-8       | PK\u0003\u0004xl/ || a.csv: is a zip archive or an Excel workbook, which is not read here; unpack it first, or save the workbook as CSV
            gzip that ends       | a.jsonl.gz | cut gzip    | {~prompt~: ~a~}¶ || a.jsonl.gz:
            Parquet that ends    | a.parquet  | cut Parquet | `` || a.parquet: No magic bytes found at end of file
            not Parquet          | a.parquet  | UTF-8       | {}¶ || a.parquet: is named .parquet and does not start like a Parquet file; copy or download it again
            no such file         | a.jsonl    | none        | `` || a.jsonl: no such file
            glob without match   | *.jsonl    | none        | `` || *.jsonl: matches no file
            folder without data  | .          | none        | `` || .: holds no .parquet, .jsonl, .json, .csv or .tsv file
            broken SQL           | a.csv      | UTF-8       | prompt¶a¶ | --select;SELEC * | --select: Parser Error: syntax error at or near
            unknown SQL column   | a.csv      | UTF-8       | prompt¶a¶ | --select;SELECT text FROM input | --select: Referenced column ~text~ not found in FROM clause!
            SQL without a row    | a.csv      | UTF-8       | prompt¶a¶ | --select;SELECT * FROM input WHERE prompt = 'b' | a.csv: gives no row; check --select
            negative limit       | a.csv      | UTF-8       | prompt¶a¶ | --limit;-1 | --limit must be at least 1, not -1
            limit in letters     | a.csv      | UTF-8       | prompt¶a¶ | --limit;ten | Invalid value for option '--limit': 'ten' is not a long; millrace submit --help lists the options
            empty sample         | a.csv      | UTF-8       | prompt¶a¶ | --sample;0 | --sample must be at least 1, not 0
            two prompt columns   | a.csv      | UTF-8       | prompt¶a¶ | --prompt-column;prompt;--messages-column;b | --prompt-column
            unknown split        | .          | dataset     | `` | --split;test | .: has no split 'test', but train; name one by --split
            unknown format       | a.csv      | UTF-8       | prompt¶a¶ | --input-format;xml | Invalid value for option '--input-format': 'xml' is none of
            unknown option       | a.csv      | UTF-8       | prompt¶a¶ | --promt-column=a | Unknown option: '--promt-column=a'
            """)
    void oneLineNamesThePlaceAndARemedy(String kind, String name, String made, String text, String options, String told)
            throws IOException {
        write(name, made, quoted(text));

        CommandLineRun run = submit(
                folder.resolve(name).normalize().toString(), options == null ? new String[0] : options.split(";"));

        assertThat(run.status()).as(run.output()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.output().lines()).as(run.output()).hasSize(1);
        String line = run.output().replace(folder + "/", "").replace(folder.toString(), ".");
        assertThat(line).startsWith("millrace: " + quoted(told));
    }

    @Test
    void aFileThatMayNotBeReadIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("a.jsonl"), "\"a\"\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(file), "this user may read everything");

        assertThat(submit(file.toString()).output())
                .isEqualTo("millrace: " + file + ": may not be read; check its permissions\n");
    }

    /** Before anything is asked of the broker, which is not there. */
    private static CommandLineRun submit(String file, String... options) {
        String[] command = {"submit", "--bootstrap-server", "127.0.0.1:1", "--model", "m", "-i", file};
        return CommandLineRun.of(
                Stream.concat(Arrays.stream(command), Arrays.stream(options)).toArray(String[]::new));
    }

    private void write(String name, String made, String text) throws IOException {
        Path file = folder.resolve(name);
        switch (made) {
            case "none" -> {}
            case "dataset" -> Files.writeString(folder.resolve("train.jsonl"), "\"a\"\n");
            case "20 MB" -> Files.writeString(file, text.replace("LONG", "x".repeat(20_000_000)));
            case "deep" -> Files.writeString(file, text.replace("DEEP", "[".repeat(2000) + "]".repeat(2000)));
            case "CR" -> Files.writeString(file, text.replace('\n', '\r'));
            case "CRLF" -> Files.writeString(file, text.replace("\n", "\r\n"));
            case "cut gzip" -> Files.write(file, half(gzip(text.repeat(9000))));
            case "cut Parquet" -> Files.write(file, half(Files.readAllBytes(PARQUET)));
            default -> Files.write(file, text.getBytes(Charset.forName(made)));
        }
    }

    private static byte[] half(byte[] whole) {
        return Arrays.copyOf(whole, whole.length / 2);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return packed.toByteArray();
    }

    private static String quoted(String text) {
        return text.replace('~', '"').replace('\u00b6', '\n');
    }
}
