package io.millrace.cli.broker;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.ObjectName;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/**
 * The broker that was killed on a folder, as its metadata still tell of it: alive, and the leader of all partitions. One
 * that starts there believes that, loads its transaction coordinator and ends transactions; seconds later the controller
 * finds that the former broker is dead and takes all leaders away until the new one is registered. Kafka 4.4's coordinator
 * leaves out the marker that ends a transaction in a partition without a leader (TransactionMarkerChannelManager: "likely
 * deleted already and hence can be skipped"), so that what was aborted counts as committed with the producer's next
 * transaction in that partition. So the controller runs alone first, until it has found the former broker dead.
 *
 * <p>Stateless.
 */
final class FormerBroker {
    private static final String CLEAN_SHUTDOWN = ".kafka_cleanshutdown";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_AGAIN_MILLIS = 20;

    private FormerBroker() {}

    /** Whether a broker ran on the folder and did not stop in order. */
    static boolean wasKilled(Path dir) {
        return Files.exists(dir.resolve("__cluster_metadata-0")) && !Files.exists(dir.resolve(CLEAN_SHUTDOWN));
    }

    /**
     * Returns when no partition has a leader any more.
     *
     * @throws BrokerException when the controller does not start or does not get that far
     */
    static void fence(BrokerSettings settings) {
        KafkaRaftServer controller =
                new KafkaRaftServer(KafkaConfig.fromProps(settings.controllerProperties(), false), Time.SYSTEM);
        try {
            controller.startup();
            awaitFenced();
        } catch (TimeoutException e) {
            throw new BrokerException(
                    "the controller on " + settings.dir() + " did not find the broker dead that was killed there: "
                            + e.getMessage(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerException("interrupted while the controller started", e);
        } finally {
            controller.shutdown();
            controller.awaitShutdown();
        }
    }

    private static void awaitFenced() throws InterruptedException, TimeoutException {
        long start = System.nanoTime();
        while (gauge("ActiveControllerCount") < 1 || gauge("ActiveBrokerCount") > 0 || gauge("FencedBrokerCount") < 1) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new TimeoutException("not within " + PATIENCE.toSeconds() + " s");
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    /** One of the controller's documented metrics; -1 while it is not there. */
    private static int gauge(String name) {
        try {
            Object value = ManagementFactory.getPlatformMBeanServer()
                    .getAttribute(new ObjectName("kafka.controller:type=KafkaController,name=" + name), "Value");
            return ((Number) value).intValue();
        } catch (InstanceNotFoundException e) {
            return -1;
        } catch (JMException e) {
            throw new BrokerException("the controller's metric " + name + " cannot be read: " + e.getMessage(), e);
        }
    }
}
