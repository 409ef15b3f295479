package io.millrace.cli.watch;

import io.millrace.kafka.ClusterException;
import io.millrace.kafka.KafkaClients;
import io.millrace.producer.view.ClusterPicture;
import io.millrace.producer.view.RunBook;
import io.millrace.producer.view.WorkerBook;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes pictures of a cluster, one a look. It follows the topics and never reads a result twice; brokers and workers that
 * are away become notes in the picture, once there was a first contact.
 *
 * <p>Confined to one thread.
 */
public final class ClusterWatch implements AutoCloseable {
    private static final int LOOKS_PER_GROUP = 5;

    private final WatchSettings settings;
    private final WorkerScrapes scrapes;
    private final WorkerBook workers = new WorkerBook();
    private RunBook runs;
    private Optional<KafkaSession> session = Optional.empty();
    private String cluster = "";
    private boolean contact;
    private boolean caughtUp;
    private long looks;

    public ClusterWatch(WatchSettings settings) {
        this.settings = settings;
        this.scrapes = new WorkerScrapes(settings.workers());
        this.runs = newBook();
    }

    private RunBook newBook() {
        return new RunBook(settings.mostRuns(), settings.only(), settings.showContent());
    }

    /**
     * How it is now.
     *
     * @throws ClusterException if Kafka cannot be reached at the first look
     */
    public ClusterPicture look() {
        List<String> notes = new ArrayList<>();
        scrapes.look(workers, System.nanoTime());
        Optional<KafkaClients> kafka = settings.kafka().get();
        if (kafka.isPresent()) {
            try {
                read(kafka.get(), notes);
                contact = true;
            } catch (ClusterException e) {
                if (!contact) {
                    throw e;
                }
                caughtUp = false;
                notes.add(e.getMessage());
            }
        } else {
            closeSession();
            caughtUp = true;
            notes.add("no run --local goes on in this folder now: this is the last that was seen");
        }
        looks++;
        return ClusterPicture.of(looks, System.currentTimeMillis(), cluster, runs, workers, notes);
    }

    private void read(KafkaClients kafka, List<String> notes) {
        cluster = kafka.settings().address();
        if (session.isPresent() && !session.get().address().equals(cluster)) {
            closeSession();
        }
        if (session.isEmpty()) {
            open(kafka);
        }
        if (session.isEmpty()) {
            caughtUp = true;
            notes.add("nothing was submitted here yet");
            return;
        }
        long behind = session.get().read();
        if (session.get().beganTooLate()) {
            closeSession();
            open(kafka);
            behind = session.isPresent() ? session.get().read() : 0;
        }
        caughtUp = behind == 0;
        if (behind > 0) {
            notes.add("results are being read: about " + behind + " to go");
        }
        session.ifPresent(open -> notes.addAll(open.losses()));
        if (looks % LOOKS_PER_GROUP == 0) {
            workers.members(session.map(KafkaSession::members).orElse(List.of()));
        }
    }

    private void open(KafkaClients kafka) {
        runs = newBook();
        session = KafkaSession.open(
                kafka, settings.topics(), runs, contact ? KafkaSession.PATIENCE : settings.patience());
    }

    private void closeSession() {
        session.ifPresent(KafkaSession::close);
        session = Optional.empty();
    }

    /** Whether the last look saw every result that there was. */
    public boolean caughtUp() {
        return caughtUp;
    }

    /** Whether, besides, every worker has said enough for its rates, or does not answer. */
    public boolean settled() {
        return caughtUp && scrapes.settled();
    }

    @Override
    public void close() {
        closeSession();
        scrapes.close();
    }
}
