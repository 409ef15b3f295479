package io.millrace.simulation;

import io.millrace.job.JobResult;
import io.millrace.producer.ledger.LedgerState;
import io.millrace.producer.ledger.RunLedger;
import io.millrace.producer.ledger.RunTotals;
import java.util.ArrayList;
import java.util.List;

/**
 * One collector process: the real ledger, lines, and checkpoints of how far both came. It dies between any two of these
 * and goes on from its last checkpoint; in the end it must have what one that never died has.
 *
 * <p>Confined to its caller's thread.
 */
final class SimCollector implements Guarantee {
    private static final int MOST_RESULTS = 30;

    private final World world;
    private final List<JobResult> lines = new ArrayList<>();
    private RunLedger ledger = new RunLedger();
    private int position;
    private Checkpoint saved = new Checkpoint(0, 0, ledger.state(), ledger.totals());
    private int life;

    private record Checkpoint(int position, int lines, LedgerState ledger, RunTotals totals) {}

    SimCollector(World world) {
        this.world = world;
    }

    void start() {
        poll(life);
    }

    void kill() {
        life++;
        position = saved.position();
        lines.subList(saved.lines(), lines.size()).clear();
        ledger = RunLedger.of(saved.ledger(), saved.totals());
        world.time.afterBetween(100, 3_000, this::start);
    }

    private void poll(int ofLife) {
        world.time.afterBetween(20, 800, () -> {
            if (ofLife != life) {
                return;
            }
            if (!world.log.away) {
                read(world.random.nextInt(MOST_RESULTS));
                world.time.afterBetween(1, 50, () -> {
                    if (ofLife == life) {
                        saved = new Checkpoint(position, lines.size(), ledger.state(), ledger.totals());
                    }
                });
            }
            poll(ofLife);
        });
    }

    private void read(int most) {
        int to = Math.min(world.log.results.size(), position + most);
        for (; position < to; position++) {
            JobResult result = world.log.results.get(position);
            if (ledger.accept(result)) {
                lines.add(result);
            }
        }
    }

    @Override
    public void check(SimLog log) {
        read(log.results.size());
        RunLedger undisturbed = new RunLedger();
        List<JobResult> expected =
                log.results.stream().filter(undisturbed::accept).toList();
        if (!ledger.totals().equals(undisturbed.totals()) || !lines.equals(expected)) {
            throw new AssertionError("collected " + ledger.totals() + " in " + lines.size() + " lines, not "
                    + undisturbed.totals() + " in " + expected.size());
        }
    }
}
