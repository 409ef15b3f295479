package io.millrace.producer.kafka;

import io.millrace.kafka.BrokerCalls;
import io.millrace.kafka.ClusterException;
import io.millrace.kafka.KafkaClients;
import io.millrace.kafka.NotYetException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transactional producer of one run's submitter. For what happens to a transaction there are three endings; what led
 * to them is in the log.
 *
 * <p>Confined to the submitting thread.
 */
final class SubmitTransactions implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SubmitTransactions.class);
    private static final String CLIENT_ID = "millrace-submit";
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

    /** How a transaction ended. */
    enum Ending {
        COMMITTED,
        ABORTED,
        /** Not known: {@link #restart()}, then read what is committed. */
        UNKNOWN
    }

    private final KafkaClients clients;
    private final BrokerCalls calls;
    private final String runId;
    private final String transactionalId;
    private Producer<byte[], byte[]> producer;
    private boolean open;

    /** Fences any other submitter of the run, and waits until its last transaction is over. */
    SubmitTransactions(KafkaClients clients, BrokerCalls calls, String runId, String transactionalId) {
        this.clients = clients;
        this.calls = calls;
        this.runId = runId;
        this.transactionalId = transactionalId;
        this.producer = clients.transactionalProducer(CLIENT_ID, transactionalId);
        initialise();
    }

    private void initialise() {
        String what = "open transactions for run " + runId;
        try {
            calls.call(what, () -> {
                try {
                    producer.initTransactions();
                } catch (RetriableException | ProducerFencedException e) {
                    throw e;
                } catch (KafkaException e) {
                    NotYetException again = calls.again(what, e);
                    renew(); // this one stays in its error
                    throw again;
                }
                return runId;
            });
        } catch (ProducerFencedException e) {
            throw takenOver(e);
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    /** A new producer, whose start ends the old transaction one way or the other. */
    void restart() {
        renew();
        initialise();
    }

    private void renew() {
        producer.close(Duration.ZERO);
        open = false;
        producer = clients.transactionalProducer(CLIENT_ID, transactionalId);
    }

    int partitions(String topic) {
        return calls.call("find topic " + topic, () -> producer.partitionsFor(topic))
                .size();
    }

    /** Commits all of it, or nothing. */
    Ending publish(List<ProducerRecord<byte[], byte[]>> records) {
        try {
            send(records);
            commit();
            return Ending.COMMITTED;
        } catch (ProducerFencedException e) {
            throw takenOver(e);
        } catch (InterruptException e) {
            throw new CancellationException("interrupted in a transaction of run " + runId);
        } catch (AuthenticationException | AuthorizationException e) {
            throw calls.refused("submit jobs of run " + runId, e);
        } catch (KafkaException | IllegalStateException e) {
            log.warn("run={} transaction failed: {}", runId, calls.reason(e));
            return abort();
        }
    }

    private void send(List<ProducerRecord<byte[], byte[]>> records) {
        producer.beginTransaction();
        open = true;
        for (ProducerRecord<byte[], byte[]> record : records) {
            producer.send(record);
        }
    }

    /** A commit whose answer got lost may be asked for again; so the broker may be away in between. */
    private void commit() {
        calls.call("commit jobs of run " + runId, () -> {
            try {
                producer.commitTransaction();
            } catch (KafkaException e) {
                if (e instanceof TimeoutException || !BrokerCalls.passing(e)) {
                    throw e;
                }
                throw new KafkaException("commit failed", e); // not to be asked again: the transaction is lost
            }
            return runId;
        });
        open = false;
    }

    /**
     * Tells by its own ending what became of the transaction: it succeeds when that was not committed, is fenced when
     * another submitter took over, and fails otherwise, as after a commit that may have happened.
     */
    private Ending abort() {
        try {
            producer.abortTransaction();
            open = false;
            return Ending.ABORTED;
        } catch (ProducerFencedException e) {
            throw takenOver(e);
        } catch (InterruptException e) {
            throw new CancellationException("interrupted in a transaction of run " + runId);
        } catch (KafkaException | IllegalStateException e) {
            log.info("run={} abort failed: {}", runId, calls.reason(e));
            return Ending.UNKNOWN;
        }
    }

    private ClusterException takenOver(ProducerFencedException cause) {
        producer.close(Duration.ZERO);
        return new ClusterException(
                "another submitter took over run " + runId
                        + ", or it was cancelled, or this process stood still for too long: if no other is at work, give the same command"
                        + " again; it goes on where this one stopped",
                cause);
    }

    @Override
    public void close() {
        producer.close(open ? Duration.ZERO : CLOSE_PATIENCE);
    }
}
