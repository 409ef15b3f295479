package io.millrace.producer.dataset;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.millrace.producer.files.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** How a file is packed, told by its first bytes; the name is DuckDB's. */
enum Packing {
    NONE("none"),
    GZIP("gzip"),
    ZSTD("zstd");

    private final String duckName;

    Packing(String duckName) {
        this.duckName = duckName;
    }

    static Packing of(String name, Path path) throws IOException {
        if (!Files.isReadable(path)) {
            throw new InputException(name + ": may not be read; check its permissions");
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] magic = in.readNBytes(4);
            if (magic.length > 1 && magic[0] == 0x1F && magic[1] == (byte) 0x8B) {
                return GZIP;
            }
            boolean zstd = magic.length == 4
                    && magic[0] == 0x28
                    && magic[1] == (byte) 0xB5
                    && magic[2] == 0x2F
                    && magic[3] == (byte) 0xFD;
            return zstd ? ZSTD : NONE;
        }
    }

    String duckName() {
        return duckName;
    }

    InputStream unpack(InputStream raw) throws IOException {
        return switch (this) {
            case NONE -> raw;
            case GZIP -> new GZIPInputStream(raw);
            case ZSTD -> new ZstdInputStreamNoFinalizer(raw);
        };
    }
}
