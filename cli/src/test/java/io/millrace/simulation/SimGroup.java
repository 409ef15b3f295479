package io.millrace.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A classic consumer group with cooperative rebalances and static members: partitions move only after their owner let
 * them go or was expelled, and every change of the group is a new generation.
 *
 * <p>Confined to its caller's thread.
 */
final class SimGroup {
    static final long SESSION_MILLIS = 15_000;

    private final EventQueue time;
    private final int partitions;

    /** Instance to the process that is the member; insertion order is join order. */
    private final Map<String, SimWorker> members = new LinkedHashMap<>();

    private final Map<Integer, String> owners = new HashMap<>();
    private final Set<Integer> beingRevoked = new HashSet<>();
    private int generation;

    SimGroup(EventQueue time, int partitions) {
        this.time = time;
        this.partitions = partitions;
    }

    /** A process joins; one with a known instance takes over that one's place and partitions. */
    void join(SimWorker worker) {
        SimWorker earlier = members.put(worker.instance, worker);
        if (earlier == null) {
            rebalance();
            return;
        }
        Set<Integer> owned = new HashSet<>();
        owners.forEach((p, owner) -> {
            if (owner.equals(worker.instance)) {
                owned.add(p);
                beingRevoked.remove(p);
            }
        });
        worker.synced(generation, owned);
        rebalance();
    }

    void leave(SimWorker worker) {
        if (members.get(worker.instance) == worker) {
            members.remove(worker.instance);
            free(worker.instance);
            rebalance();
        }
    }

    /** The session of a process is over: it is shut out unless another has taken its place. */
    void expel(SimWorker worker) {
        if (members.get(worker.instance) == worker) {
            leave(worker);
            worker.expelled();
        }
    }

    private void free(String instance) {
        owners.entrySet().removeIf(entry -> {
            if (entry.getValue().equals(instance)) {
                beingRevoked.remove(entry.getKey());
                return true;
            }
            return false;
        });
    }

    /** The owner let these go. */
    void released(SimWorker worker, Set<Integer> released) {
        if (members.get(worker.instance) != worker) {
            return;
        }
        for (int partition : released) {
            if (beingRevoked.remove(partition)) {
                owners.remove(partition, worker.instance);
            }
        }
        rebalance();
    }

    private void rebalance() {
        if (members.isEmpty()) {
            return;
        }
        generation++;
        Map<String, Set<Integer>> target = target();
        List<SimWorker> present = List.copyOf(members.values());
        for (SimWorker worker : present) {
            Set<Integer> revoke = new HashSet<>();
            Set<Integer> assign = new HashSet<>();
            for (int p = 0; p < partitions; p++) {
                boolean wanted = target.get(worker.instance).contains(p);
                if (worker.instance.equals(owners.get(p)) && !wanted && beingRevoked.add(p)) {
                    revoke.add(p);
                } else if (wanted && !owners.containsKey(p)) {
                    owners.put(p, worker.instance);
                    assign.add(p);
                }
            }
            worker.synced(generation, assign);
            if (!revoke.isEmpty()) {
                worker.revoke(revoke);
            }
        }
    }

    /** Balanced and sticky: everyone keeps what he has up to his share. */
    private Map<String, Set<Integer>> target() {
        Map<String, Set<Integer>> target = new LinkedHashMap<>();
        members.keySet().forEach(m -> target.put(m, new HashSet<>()));
        int most = (partitions + members.size() - 1) / members.size();
        List<Integer> rest = new ArrayList<>();
        for (int p = 0; p < partitions; p++) {
            Set<Integer> kept = target.get(owners.getOrDefault(p, ""));
            if (kept != null && kept.size() < most && !beingRevoked.contains(p)) {
                kept.add(p);
            } else if (!beingRevoked.contains(p)) {
                rest.add(p);
            }
        }
        for (int p : rest) {
            target.values().stream()
                    .min((a, b) -> Integer.compare(a.size(), b.size()))
                    .ifPresent(least -> least.add(p));
        }
        return target;
    }

    /** Whether a commit with this generation comes from a member of the group as it is now. */
    boolean valid(SimWorker worker, int itsGeneration) {
        return members.get(worker.instance) == worker && itsGeneration == generation;
    }

    boolean member(SimWorker worker) {
        return members.get(worker.instance) == worker;
    }

    /** Starts the session clock of a process that went silent. */
    void silent(SimWorker worker, Runnable ifStillSilent) {
        time.after(SESSION_MILLIS, ifStillSilent);
    }
}
