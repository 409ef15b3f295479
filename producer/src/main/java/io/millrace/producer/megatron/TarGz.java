package io.millrace.producer.megatron;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** Packs files into a .tar.gz (ustar); without owners and times, so that the same files give the same bytes. Thread-safe. */
public final class TarGz {
    private static final int BLOCK = 512;
    /** What eleven octal digits can say; larger sizes are written in binary, as GNU tar does. */
    private static final long MAX_OCTAL = (1L << 33) - 1;

    private TarGz() {}

    /** @param files with unique file names; they lie below {@code folder} in the archive */
    public static void write(Path target, String folder, List<Path> files) throws IOException {
        Path partial = IndexedDatasetWriter.partial(target);
        try (OutputStream out =
                new GZIPOutputStream(new BufferedOutputStream(Files.newOutputStream(partial)), 1 << 16)) {
            for (Path file : files) {
                long size = Files.size(file);
                out.write(header(folder + "/" + file.getFileName(), size));
                Files.copy(file, out);
                out.write(new byte[(int) (-size & (BLOCK - 1))]);
            }
            out.write(new byte[2 * BLOCK]);
        }
        IndexedDatasetWriter.publish(target);
    }

    private static byte[] header(String name, long size) throws IOException {
        byte[] header = new byte[BLOCK];
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        if (path.length > 100) {
            throw new IOException(name + ": is too long a name for a tar archive (100 bytes); choose a shorter"
                    + " filename_prefix or output_dir");
        }
        put(header, 0, path);
        put(header, 100, "0000644\0".getBytes(StandardCharsets.US_ASCII));
        put(header, 108, "0000000\0".getBytes(StandardCharsets.US_ASCII));
        put(header, 116, "0000000\0".getBytes(StandardCharsets.US_ASCII));
        if (size <= MAX_OCTAL) {
            put(header, 124, octal(size, 11));
        } else {
            for (int i = 0; i < Long.BYTES; i++) {
                header[135 - i] = (byte) (size >>> (8 * i));
            }
            header[124] = (byte) 0x80;
        }
        put(header, 136, octal(0, 11));
        header[156] = '0';
        put(header, 257, "ustar\00000".getBytes(StandardCharsets.US_ASCII));
        put(header, 148, "        ".getBytes(StandardCharsets.US_ASCII));
        int sum = 0;
        for (byte value : header) {
            sum += value & 0xFF;
        }
        put(header, 148, octal(sum, 6));
        header[154] = 0;
        return header;
    }

    private static byte[] octal(long value, int digits) {
        return String.format(Locale.ROOT, "%0" + digits + "o", value).getBytes(StandardCharsets.US_ASCII);
    }

    private static void put(byte[] header, int at, byte[] bytes) {
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
