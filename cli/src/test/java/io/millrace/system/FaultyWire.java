package io.millrace.system;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The wire to a broker, which is to advertise this address. It turns the broker's answer to the next request of a kind
 * into UNKNOWN_SERVER_ERROR.
 *
 * <p>Thread-safe.
 */
final class FaultyWire implements AutoCloseable {
    private static final short UNKNOWN_SERVER_ERROR = -1;

    /** Which answer is spoilt. All kinds are sent in a version whose answer is: correlation id, no tags, throttle, error. */
    enum Fault {
        /** The broker has given the producer its id and epoch. */
        INITIALISED(22),
        /** The broker has committed. */
        COMMITTED(26),
        /** The broker was told to abort instead, as it does when another producer fences this one. */
        ABORTED(26);

        private final int api;

        Fault(int api) {
            this.api = api;
        }
    }

    private final ServerSocket server;
    private final CompletableFuture<Integer> target = new CompletableFuture<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Optional<Fault>> next = new AtomicReference<>(Optional.empty());

    FaultyWire() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("wire-accept", this::accept);
    }

    String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** Where the broker listens; until then who connects waits. */
    void leadsTo(int port) {
        target.complete(port);
    }

    void spoilNext(Fault fault) {
        next.set(Optional.of(fault));
    }

    /** Whether the fault has happened. */
    boolean spoilt() {
        return next.get().isEmpty();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = kept(server.accept());
            start("wire-connect", () -> {
                Socket broker = kept(new Socket(InetAddress.getLoopbackAddress(), target.join()));
                Set<Integer> spoilt = ConcurrentHashMap.newKeySet();
                start("wire-up", () -> pass(client, broker, frame -> spoilRequest(frame, spoilt)));
                pass(broker, client, frame -> spoilAnswer(frame, spoilt));
            });
        }
    }

    private Socket kept(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        return socket;
    }

    private interface Change {
        void to(ByteBuffer frame);
    }

    private static void pass(Socket from, Socket to, Change change) throws IOException {
        try (from;
                to) {
            DataInputStream in = new DataInputStream(from.getInputStream());
            DataOutputStream out = new DataOutputStream(to.getOutputStream());
            while (true) {
                byte[] frame = new byte[in.readInt()];
                in.readFully(frame);
                change.to(ByteBuffer.wrap(frame));
                ByteBuffer whole = ByteBuffer.allocate(4 + frame.length);
                out.write(whole.putInt(frame.length).put(frame).array());
            }
        }
    }

    private void spoilRequest(ByteBuffer frame, Set<Integer> spoilt) {
        int api = frame.getShort(0);
        Optional<Fault> fault = next.get();
        if (fault.isEmpty() || fault.get().api != api || !next.compareAndSet(fault, Optional.empty())) {
            return;
        }
        spoilt.add(frame.getInt(4));
        if (fault.get() == Fault.ABORTED) {
            frame.put(frame.limit() - 2, (byte) 0); // "committed", before the empty tags
        }
    }

    private static void spoilAnswer(ByteBuffer frame, Set<Integer> spoilt) {
        if (spoilt.remove(frame.getInt(0))) {
            frame.putShort(9, UNKNOWN_SERVER_ERROR);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    /** Ends when its sockets are closed. */
    private static void start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // One of the ends has closed.
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
