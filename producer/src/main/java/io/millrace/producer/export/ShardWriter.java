package io.millrace.producer.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The shards of one split. They are written under temporary names, since the final ones say how many there are.
 *
 * <p>Confined to the exporting thread.
 */
final class ShardWriter implements Closeable {
    private static final long MAX_BYTES = 512L << 20;
    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    private final Path folder;
    private final String split;
    private final Target target;
    private final ExportFormat format;
    private final long shardRows;
    private final List<Path> parts = new ArrayList<>();
    private OutputStream out = OutputStream.nullOutputStream();
    private long rowsInShard;
    private long bytesInShard;
    private long rows;

    ShardWriter(Path folder, String split, Target target, ExportFormat format, long shardRows) {
        this.folder = folder;
        this.split = split;
        this.target = target;
        this.format = format;
        this.shardRows = shardRows;
    }

    void write(ObjectNode row) throws IOException {
        if (parts.isEmpty() || rowsInShard == shardRows || bytesInShard > MAX_BYTES) {
            startShard();
        }
        byte[] bytes = encode(row);
        out.write(bytes);
        rows++;
        rowsInShard++;
        bytesInShard += bytes.length;
    }

    long rows() {
        return rows;
    }

    private void startShard() throws IOException {
        endShard();
        Path part = folder.resolve("." + split + "-" + parts.size() + ".part");
        parts.add(part);
        out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16);
        rowsInShard = 0;
        bytesInShard = 0;
        if (target.extension().equals("csv")) {
            out.write(Csv.line(
                    format.columns().stream().map(ExportFormat.Column::name).toList()));
        }
    }

    private void endShard() throws IOException {
        if (target.extension().equals("json") && !parts.isEmpty()) {
            out.write("\n]\n".getBytes(StandardCharsets.UTF_8));
        }
        out.close();
    }

    private byte[] encode(ObjectNode row) throws JsonProcessingException {
        return switch (target.extension()) {
            case "csv" ->
                Csv.line(format.columns().stream()
                        .map(column -> row.path(column.name()).asText())
                        .toList());
            case "txt" -> (row.path("text").textValue() + "\n<|endoftext|>\n").getBytes(StandardCharsets.UTF_8);
            case "json" ->
                ((rowsInShard == 0 ? "[\n" : ",\n") + MAPPER.writeValueAsString(row)).getBytes(StandardCharsets.UTF_8);
            default -> (MAPPER.writeValueAsString(row) + "\n").getBytes(StandardCharsets.UTF_8);
        };
    }

    /** Ends the split: its files under their final names, in order. */
    List<Path> finish() throws IOException {
        endShard();
        out = OutputStream.nullOutputStream();
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            Path file = folder.resolve(
                    String.format(Locale.ROOT, "%s-%05d-of-%05d.%s", split, i, parts.size(), target.extension()));
            if (target.extension().equals("parquet")) {
                ParquetFiles.write(parts.get(i), format.columns(), file);
                Files.delete(parts.get(i));
            } else {
                Files.move(parts.get(i), file, StandardCopyOption.REPLACE_EXISTING);
            }
            files.add(file);
        }
        return files;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
