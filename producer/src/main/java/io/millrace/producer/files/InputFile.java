package io.millrace.producer.files;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file of lines that can be read any number of times; gzip and Zstandard are unpacked, told by their first bytes and
 * not by the name.
 *
 * <p>Immutable.
 */
public final class InputFile {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MAGIC_BYTES = 6;

    private final String name;
    private final Path path;
    private final List<String> sources;

    private InputFile(String name, Path path, List<String> sources) {
        this.name = Objects.requireNonNull(name, "name");
        this.path = Objects.requireNonNull(path, "path");
        this.sources = List.copyOf(sources);
    }

    /**
     * The lines that a dataset became; each says where it comes from.
     *
     * @param sources the names of the files or tables, in the order of the numbers in the lines
     */
    public static InputFile snapshot(String name, Path path, List<String> sources) {
        return new InputFile(name, path, sources);
    }

    /** Lines that stand for rows or lines of something the user knows by this name. */
    public static InputFile converted(String name, Path path) {
        return new InputFile(name, path, List.of());
    }

    /** @throws InputException when there is no such file, or it is a folder or cannot be read */
    public static InputFile of(Path path) {
        if (!Files.exists(path)) {
            throw new InputException(path + ": no such file");
        }
        if (Files.isDirectory(path)) {
            throw new InputException(path + ": is a folder; name a file in it");
        }
        if (!Files.isReadable(path)) {
            throw new InputException(path + ": may not be read; check its permissions");
        }
        return new InputFile(path.toString(), path, List.of());
    }

    /** Copies the stream into a file in {@code workDir}, since the input is read twice; errors call it {@code stdin}. */
    public static InputFile spooled(InputStream stdin, Path workDir) throws IOException {
        Files.createDirectories(workDir);
        Path spool = Files.createTempFile(workDir, "stdin-", ".spool");
        spool.toFile().deleteOnExit();
        Files.copy(stdin, spool, StandardCopyOption.REPLACE_EXISTING);
        return new InputFile("stdin", spool, List.of());
    }

    public Path path() {
        return path;
    }

    /** Where the line came from. */
    Place place(LineReader line) {
        return sources.isEmpty()
                ? new Place(name, false, line.number())
                : SnapshotPlace.read(sources, line.bytes(), line.start(), line.start() + line.length());
    }

    /** As the user knows it. */
    public String name() {
        return name;
    }

    /** Size and time of change, to see whether the file is still the one that was checked. */
    Stamp stamp() throws IOException {
        return new Stamp(Files.size(path), Files.getLastModifiedTime(path).toMillis());
    }

    record Stamp(long bytes, long modifiedMillis) {}

    /** Opens the content; the caller closes it. */
    public LineReader open() throws IOException {
        InputStream raw;
        try {
            raw = new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES);
        } catch (NoSuchFileException e) {
            throw new InputException(name + ": was there and is gone");
        }
        try {
            return new LineReader(name, unpacked(raw));
        } catch (IOException | RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    private InputStream unpacked(InputStream raw) throws IOException {
        raw.mark(MAGIC_BYTES);
        byte[] magic = raw.readNBytes(MAGIC_BYTES);
        raw.reset();
        if (ForeignFormat.startsWith(magic, 0x1F, 0x8B)) {
            try {
                return new GZIPInputStream(raw, BUFFER_BYTES);
            } catch (ZipException | java.io.EOFException e) {
                throw new InputException(
                        name + ": starts like gzip and is not (" + e.getMessage() + "); copy or download it again");
            }
        }
        boolean zstdSkippable = magic.length >= 4 && (magic[0] & 0xF0) == 0x50 && magic[1] == 0x2A;
        if (ForeignFormat.startsWith(magic, 0x28, 0xB5, 0x2F, 0xFD)
                || (zstdSkippable && magic[2] == 0x4D && magic[3] == 0x18)) {
            return new ZstdInputStreamNoFinalizer(raw);
        }
        if (ForeignFormat.startsWith(magic, 'P', 'A', 'R', '1')) {
            throw new InputException(
                    name + ": is a Parquet file, which is not read here; write it as JSON lines first");
        }
        Optional<String> foreign = ForeignFormat.of(magic);
        if (foreign.isPresent()) {
            throw new InputException(name + ": " + foreign.get());
        }
        return raw;
    }
}
