package io.millrace.worker.remote;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.job.FailureKind;
import io.millrace.wire.AnswerCodec;
import io.millrace.wire.JobCodec;
import io.millrace.wire.WireException;
import io.millrace.worker.pipeline.Decoder.Outcome;
import io.millrace.worker.pipeline.EngineFigures;
import io.millrace.worker.pipeline.EngineInfo;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Frames to bytes and back: the length of the payload (4 bytes, big-endian), a byte for the type, the payload. Jobs and
 * cancellations begin with the ticket (8 bytes); jobs go on as in the jobs topic, the other frames are JSON.
 *
 * <p>Thread-safe.
 */
final class FrameCodec {
    /** A step's outcomes must fit; a longer length means that something else has written into the stream. */
    static final int MAX_PAYLOAD_BYTES = 512 * 1024 * 1024;

    private static final byte SUBMIT = 'S';
    private static final byte UNREADABLE = 'U';
    private static final byte CANCEL = 'C';
    private static final byte READY = 'R';
    private static final byte FINISHED = 'O';
    private static final byte FIGURES = 'F';
    private static final byte FAILED = 'X';

    private static final ObjectMapper MAPPER = new ObjectMapper();

    static {
        MAPPER.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxStringLength(MAX_PAYLOAD_BYTES)
                        .build());
    }

    private FrameCodec() {}

    /** Writes one frame; does not flush. */
    static void write(DataOutputStream out, Frame frame) throws IOException {
        if (frame instanceof Frame.Submit submit) {
            submit(out, submit);
        } else if (frame instanceof Frame.Unreadable unreadable) {
            ticketed(out, UNREADABLE, unreadable.ticket(), unreadable.reason().getBytes(StandardCharsets.UTF_8));
        } else if (frame instanceof Frame.Cancel cancel) {
            ticketed(out, CANCEL, cancel.ticket(), new byte[0]);
        } else if (frame instanceof Frame.Ready ready) {
            payload(out, READY, MAPPER.writeValueAsBytes(ready.info()));
        } else if (frame instanceof Frame.Finished finished) {
            payload(out, FINISHED, outcomes(finished.outcomes()));
        } else if (frame instanceof Frame.Figures figures) {
            payload(out, FIGURES, MAPPER.writeValueAsBytes(figures.figures()));
        } else if (frame instanceof Frame.Failed failed) {
            payload(out, FAILED, failed.reason().getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * Reads the next frame, or nothing where the stream ends.
     *
     * @throws FrameException when the bytes are no frame, or the stream ends inside one
     */
    static Optional<Frame> read(DataInputStream in) throws IOException {
        int first = in.read();
        if (first < 0) {
            return Optional.empty();
        }
        int length;
        byte type;
        byte[] payload;
        try {
            length = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedShort();
            type = in.readByte();
            check(length, type);
            payload = in.readNBytes(length);
        } catch (EOFException e) {
            throw new FrameException("the stream ends inside a frame's head", e);
        }
        if (payload.length < length) {
            throw new FrameException("the stream ends inside a frame of type '" + (char) type + "': " + payload.length
                    + " of " + length + " bytes");
        }
        try {
            return Optional.of(frame(type, payload));
        } catch (WireException | IllegalArgumentException | JsonProcessingException e) {
            throw new FrameException("a frame of type '" + (char) type + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private static void check(int length, byte type) throws FrameException {
        boolean ticketed = type == SUBMIT || type == UNREADABLE || type == CANCEL;
        boolean known = ticketed || type == READY || type == FINISHED || type == FIGURES || type == FAILED;
        if (!known || length < 0 || length > MAX_PAYLOAD_BYTES) {
            throw new FrameException("no frame: type " + (type & 0xff) + ", length " + (length & 0xffffffffL)
                    + " (at most " + MAX_PAYLOAD_BYTES + "); has something else written to the stream?");
        }
        if ((ticketed && length < Long.BYTES) || (type == CANCEL && length > Long.BYTES)) {
            throw new FrameException("a frame of type '" + (char) type + "' cannot have " + length + " bytes");
        }
    }

    private static Frame frame(byte type, byte[] payload) throws IOException {
        return switch (type) {
            case SUBMIT -> submit(ticket(payload), rest(payload));
            case UNREADABLE -> new Frame.Unreadable(ticket(payload), text(rest(payload)));
            case CANCEL -> new Frame.Cancel(ticket(payload));
            case READY -> new Frame.Ready(MAPPER.readValue(payload, EngineInfo.class));
            case FINISHED -> new Frame.Finished(outcomes(payload));
            case FIGURES -> new Frame.Figures(MAPPER.readValue(payload, EngineFigures.class));
            default -> new Frame.Failed(text(payload));
        };
    }

    private static void submit(DataOutputStream out, Frame.Submit submit) throws IOException {
        byte[] job;
        try {
            job = JobCodec.encode(submit.job());
        } catch (UncheckedIOException e) {
            write(out, new Frame.Unreadable(submit.ticket(), "not to be written as JSON: " + e.getMessage()));
            return;
        }
        ticketed(out, SUBMIT, submit.ticket(), job);
    }

    private static Frame submit(long ticket, byte[] job) {
        try {
            return new Frame.Submit(ticket, JobCodec.decode(job));
        } catch (WireException | IllegalArgumentException e) {
            return new Frame.Unreadable(ticket, String.valueOf(e.getMessage()));
        }
    }

    private static void ticketed(DataOutputStream out, byte type, long ticket, byte[] rest) throws IOException {
        out.writeInt(Long.BYTES + rest.length);
        out.writeByte(type);
        out.writeLong(ticket);
        out.write(rest);
    }

    private static void payload(DataOutputStream out, byte type, byte[] payload) throws IOException {
        out.writeInt(payload.length);
        out.writeByte(type);
        out.write(payload);
    }

    private static long ticket(byte[] payload) {
        return ByteBuffer.wrap(payload).getLong();
    }

    private static byte[] rest(byte[] payload) {
        return Arrays.copyOfRange(payload, Long.BYTES, payload.length);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] outcomes(List<Outcome> outcomes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = MAPPER.getFactory().createGenerator(bytes)) {
            json.writeStartArray();
            for (Outcome outcome : outcomes) {
                json.writeStartObject();
                json.writeNumberField("ticket", outcome.ticket());
                if (outcome instanceof Outcome.Answered answered) {
                    AnswerCodec.write(json, answered.choices(), answered.usage(), answered.timings());
                } else if (outcome instanceof Outcome.Refused refused) {
                    json.writeStringField("kind", refused.kind().name());
                    json.writeStringField("message", refused.message());
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        return bytes.toByteArray();
    }

    private static List<Outcome> outcomes(byte[] payload) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        for (JsonNode node : MAPPER.readTree(payload)) {
            long ticket = node.path("ticket").longValue();
            if (node.has("kind")) {
                outcomes.add(new Outcome.Refused(
                        ticket,
                        FailureKind.valueOf(node.path("kind").asText()),
                        node.path("message").asText()));
            } else {
                outcomes.add(new Outcome.Answered(
                        ticket, AnswerCodec.choices(node), AnswerCodec.usage(node), AnswerCodec.timings(node)));
            }
        }
        return outcomes;
    }
}
