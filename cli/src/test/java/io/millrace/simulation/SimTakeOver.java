package io.millrace.simulation;

import io.millrace.worker.delivery.CommitMetadata;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How a worker finds out what is committed of partitions that are new to it, question by question: the owners, their
 * fencing, the stable offsets. Between any two of them anything may happen, and an answer may come late.
 *
 * <p>Confined to its caller's thread.
 */
final class SimTakeOver {
    private static final double LATE = 0.03;
    private static final long LATE_MILLIS = 30_000;

    private final World world;
    private final SimWorker worker;
    /** Partition to the epoch of the assignment that waits for its offset. */
    private final Map<Integer, Long> wanted = new HashMap<>();
    /** The same of the last question. */
    private final Map<Integer, Long> asked = new HashMap<>();

    private final Map<Integer, Long> fenced = new HashMap<>();
    private boolean asking;

    SimTakeOver(World world, SimWorker worker) {
        this.world = world;
        this.worker = worker;
    }

    void want(int partition, long epoch) {
        wanted.put(partition, epoch);
    }

    void forget(Set<Integer> partitions) {
        wanted.keySet().removeAll(partitions);
    }

    /** The epoch that waits for the partition and is answered, and then waits no longer; -1 when none is. */
    long settle(int partition) {
        Long epoch = asked.get(partition);
        return epoch != null && wanted.remove(partition, epoch) ? epoch : -1;
    }

    /** Asks when there is something to ask; {@code answer} is told the stable offsets there are. */
    void ask(Consumer<Map<Integer, SimLog.Committed>> answer) {
        if (asking || wanted.isEmpty()) {
            return;
        }
        asking = true;
        asked.clear();
        asked.putAll(wanted);
        Map<Integer, Long> question = Map.copyOf(asked);
        Set<Integer> partitions = question.keySet();
        request(() -> deadOwners(question), owners -> {
            if (owners.isEmpty()) {
                readStable(partitions, answer);
            } else {
                request(
                        () -> {
                            owners.forEach(world.log::fence);
                            return owners;
                        },
                        done -> {
                            fenced.putAll(question);
                            readStable(partitions, answer);
                        });
            }
        });
    }

    private void readStable(Set<Integer> partitions, Consumer<Map<Integer, SimLog.Committed>> answer) {
        request(
                () -> {
                    Map<Integer, SimLog.Committed> stable = new HashMap<>();
                    partitions.forEach(p -> world.log.stable(p).ifPresent(committed -> stable.put(p, committed)));
                    return stable;
                },
                stable -> {
                    asking = false;
                    answer.accept(stable);
                });
    }

    private Set<String> deadOwners(Map<Integer, Long> question) {
        Set<String> owners = new HashSet<>();
        for (int partition : question.keySet()) {
            if (question.get(partition).equals(fenced.get(partition))) {
                continue;
            }
            SimLog.Committed unstable = world.log.committed.get(partition);
            CommitMetadata metadata = CommitMetadata.decode(unstable.offset(), unstable.metadata());
            if (metadata.dirty() && !metadata.owner().equals(worker.transactionalId)) {
                owners.add(metadata.owner());
            }
        }
        return owners;
    }

    private <T> void request(Supplier<T> atBroker, Consumer<T> answered) {
        world.time.afterBetween(0, 20, () -> {
            if (world.log.away) {
                later(() -> asking = false);
                return;
            }
            T answer = atBroker.get();
            later(() -> answered.accept(answer));
        });
    }

    private void later(Runnable answer) {
        long most = world.chance(LATE) ? LATE_MILLIS : 20;
        world.time.afterBetween(0, most, () -> worker.whenAwake(answer));
    }
}
