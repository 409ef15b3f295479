package io.millrace.kafka;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls to the brokers that ride out an absence: what can be tried again is, until {@code patience} is over, with a line
 * in the log every few seconds. Then, and for what no trying mends, the error names the address.
 *
 * <p>Thread-safe.
 *
 * @param patience how long one call may be tried; one try may overrun it by the client's own time-out
 */
public record BrokerCalls(KafkaSettings settings, Duration patience) {
    private static final Logger log = LoggerFactory.getLogger(BrokerCalls.class);
    private static final long PAUSE_MILLIS = 250;
    private static final long REPORT_NANOS = Duration.ofSeconds(4).toNanos();

    /** One try; it may throw anything, also wrapped by a future. */
    @FunctionalInterface
    public interface Attempt<T> {
        T make() throws Exception;
    }

    /**
     * The attempt's value.
     *
     * @param what the call in words, as in "broker X did not answer: <em>what</em>"
     * @throws ClusterException when patience is over or access is refused
     * @throws CancellationException when the thread is interrupted
     * @throws KafkaException any other error of the client, unwrapped
     */
    public <T> T call(String what, Attempt<T> attempt) {
        long start = System.nanoTime();
        long reported = start;
        while (true) {
            Throwable error;
            try {
                return attempt.make();
            } catch (InterruptedException | InterruptException e) {
                throw interrupted(what);
            } catch (ExecutionException e) {
                error = e.getCause();
            } catch (Exception e) {
                error = e;
            }
            rethrowUnlessRetriable(what, error);
            long now = System.nanoTime();
            if (now - start >= patience.toNanos()) {
                throw silent(what, reason(error));
            }
            if (now - reported >= REPORT_NANOS) {
                reported = now;
                log.warn(
                        "broker {} has not answered for {} s ({}): {}; trying for {} s in all",
                        settings.address(),
                        Duration.ofNanos(now - start).toSeconds(),
                        what,
                        reason(error),
                        patience.toSeconds());
            }
            pause(what);
        }
    }

    private void rethrowUnlessRetriable(String what, Throwable error) {
        if (passing(error)) {
            return;
        }
        if (error instanceof AuthenticationException || error instanceof AuthorizationException) {
            throw refused(what, error);
        }
        if (error instanceof UnsupportedVersionException) {
            throw new ClusterException("broker " + settings.address() + " is too old (" + what + "): " + reason(error)
                    + ". Millrace needs Kafka 2.5 or newer");
        }
        if (error instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        throw new KafkaException(what + " failed", error);
    }

    /** Whether an error may be over when {@link #call} tries again. */
    public static boolean passing(Throwable error) {
        return error instanceof RetriableException || error instanceof UnknownServerException;
    }

    /** A topic's partitions; empty where there is no such topic. */
    public List<TopicPartition> partitions(String topic, Consumer<?, ?> consumer) {
        return call("find topic " + topic, () -> consumer.partitionsFor(topic)).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    /**
     * After an error of a transaction, or of its start: what became of it is open, whatever the error says, and a new
     * producer with the same id settles it. Kafka 4.4 answers "unexpected error" to a commit, for one, when another
     * producer fences the same id at that moment.
     *
     * @return for the caller to throw
     * @throws KafkaException the error, if no new try mends it
     */
    public NotYetException again(String what, KafkaException error) {
        Throwable known = lasting(error.getCause()) ? error.getCause() : error;
        if (lasting(known)) {
            throw (KafkaException) known;
        }
        log.info("{}: {}; trying again from the start", what, reason(error));
        return new NotYetException(reason(error));
    }

    private static boolean lasting(Throwable error) {
        return error instanceof AuthenticationException
                || error instanceof AuthorizationException
                || error instanceof UnsupportedVersionException
                || error instanceof InterruptException;
    }

    /**
     * For loops over calls that come back empty instead of failing.
     *
     * @param startNanos when the loop began
     * @throws ClusterException when patience is over
     */
    public void requirePatience(long startNanos, String what) {
        if (System.nanoTime() - startNanos >= patience.toNanos()) {
            throw silent(what, "no records came");
        }
    }

    private ClusterException silent(String what, String reason) {
        return new ClusterException("broker " + settings.address() + " did not answer within " + patience.toSeconds()
                + " s (" + what + "): " + reason
                + ". Is it running, and is the address right (--bootstrap-server)?");
    }

    /** The error of a login or a right that is missing. */
    public ClusterException refused(String what, Throwable error) {
        return error instanceof AuthenticationException
                ? new ClusterException("broker " + settings.address() + " refuses the login (" + what + "): "
                        + reason(error) + ". Check the sasl.* and ssl.* settings of --kafka-config")
                : new ClusterException("broker " + settings.address() + " does not permit this (" + what + "): "
                        + reason(error)
                        + ". Ask for rights on the topics, groups and transactional ids that start with Millrace's"
                        + " prefix");
    }

    /** The error in one line, without secrets. */
    public String reason(Throwable error) {
        return settings.redact(error.getClass().getSimpleName() + ": " + error.getMessage());
    }

    private static void pause(String what) {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            throw interrupted(what);
        }
    }

    private static CancellationException interrupted(String what) {
        Thread.currentThread().interrupt();
        return new CancellationException("interrupted: " + what);
    }
}
