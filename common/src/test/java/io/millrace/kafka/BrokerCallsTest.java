package io.millrace.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.junit.jupiter.api.Test;

class BrokerCallsTest {
    private final BrokerCalls calls = new BrokerCalls(KafkaSettings.of("kafka:9092"), Duration.ofSeconds(30));

    @Test
    void aCallThatTheBrokerFailedAtUnexpectedlyIsMadeAgain() {
        AtomicInteger tries = new AtomicInteger();

        assertThat(calls.call("look", () -> {
                    if (tries.incrementAndGet() == 1) {
                        throw new ExecutionException(new UnknownServerException("a defect"));
                    }
                    return "seen";
                }))
                .isEqualTo("seen");
    }

    @Test
    void aTransactionStartsAnewUnlessNothingMendsItsError() {
        KafkaException unexpected = new KafkaException("Unhandled error in EndTxnResponse");
        KafkaException forbidden =
                new KafkaException("in an error state", new TransactionalIdAuthorizationException("not yours"));

        assertThat(calls.again("commit", unexpected)).hasMessageContaining("EndTxnResponse");
        assertThat(calls.again("commit", new ProducerFencedException("newer"))).hasMessageContaining("newer");
        assertThatThrownBy(() -> calls.again("commit", forbidden))
                .isInstanceOf(TransactionalIdAuthorizationException.class);
    }

    @Test
    void anErrorThatNobodyForesawIsToldInALine() {
        assertThat(ClusterException.of(new KafkaException("Unhandled error")))
                .hasValueSatisfying(error -> assertThat(error)
                        .hasMessageContaining("Kafka failed: KafkaException: Unhandled error.")
                        .hasMessageContaining("the same command goes on"));
        assertThat(ClusterException.of(new IllegalStateException("ours"))).isEmpty();
    }
}
