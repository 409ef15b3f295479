package io.millrace.producer.files;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Says whether bytes are UTF-8, without overlong forms and encoded surrogates.
 *
 * <p>Confined to the reading thread.
 */
public final class StrictUtf8 {
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final CharBuffer scratch = CharBuffer.allocate(4096);

    /** @throws LineException naming the first byte that is wrong, counted from 1 */
    public void check(byte[] bytes, int start, int length) throws LineException {
        int end = start + length;
        boolean ascii = true;
        for (int i = start; i < end; i++) {
            if (bytes[i] <= 0) {
                if (bytes[i] == 0) {
                    throw new LineException(
                            "",
                            "byte " + (i - start + 1) + " is NUL; if this is UTF-16, convert it:"
                                    + " iconv -f UTF-16 -t UTF-8 FILE");
                }
                ascii = false;
            }
        }
        if (!ascii) {
            decode(bytes, start, length);
        }
    }

    private void decode(byte[] bytes, int start, int length) throws LineException {
        ByteBuffer in = ByteBuffer.wrap(bytes, start, length);
        decoder.reset();
        CoderResult result;
        do {
            scratch.clear();
            result = decoder.decode(in, scratch, true);
        } while (result.isOverflow());
        if (result.isError()) {
            throw new LineException(
                    "",
                    String.format(
                            "byte %d (0x%02X) is not UTF-8; if the file is Latin-1, convert it:"
                                    + " iconv -f ISO-8859-1 -t UTF-8 FILE",
                            in.position() - start + 1, bytes[in.position()]));
        }
    }
}
