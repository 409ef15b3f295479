package io.millrace.system;

import io.millrace.cli.broker.EmbeddedBroker;
import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.KafkaSettings;
import io.millrace.wire.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One embedded broker for all tests of the JVM, given to test methods and constructors as a parameter. Tests keep apart
 * by {@link #freshTopics()}.
 *
 * <p>Thread-safe.
 */
public final class SharedBroker implements AutoCloseable {
    private static final AtomicInteger PREFIXES = new AtomicInteger();

    private final Path dir;
    private final EmbeddedBroker broker;

    private SharedBroker() {
        try {
            dir = Files.createTempDirectory("millrace-broker");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        broker = EmbeddedBroker.start(dir, "127.0.0.1", 0);
    }

    public String bootstrap() {
        return broker.bootstrap();
    }

    public KafkaClients clients() {
        return new KafkaClients(KafkaSettings.of(bootstrap()));
    }

    /** Names that no other test uses. */
    public Topics freshTopics() {
        return new Topics("t" + PREFIXES.incrementAndGet());
    }

    @Override
    public void close() throws IOException {
        broker.close();
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Starts the broker when the first test asks for it and stops it after the last. */
    public static final class Extension implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == SharedBroker.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(SharedBroker.class))
                    .computeIfAbsent(SharedBroker.class, type -> new SharedBroker(), SharedBroker.class);
        }
    }
}
