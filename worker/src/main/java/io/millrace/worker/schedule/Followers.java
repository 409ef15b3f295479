package io.millrace.worker.schedule;

import java.util.ArrayList;
import java.util.List;

/**
 * Samples of a job that have drawn the same tokens so far are decoded once. One of them <i>leads</i>; those that
 * <i>follow</i> it have samplers of their own but no cells: each draws from the leader's row with its own seed. Since the
 * row is the one it would have computed itself, its draws have the distribution that they would have alone. A follower
 * that draws another token than its leader <i>parts</i>: it gets cells of its own as soon as there are any, mostly the
 * leader's at the beginning of the next step, and those that drew the same token follow it from then on.
 *
 * <p>Confined to the decode thread.
 */
final class Followers {
    private final Slot[] slots;
    /** Slots whose sequences have parted and wait for cells, those that have waited longest first. */
    private final List<Slot> parted = new ArrayList<>();

    Followers(Slot[] slots) {
        this.slots = slots;
    }

    /** The slot that a sequence being seated can follow, since no token was drawn in it yet; or null. */
    Slot leaderOf(Sequence sequence) {
        if (!sequence.follows()) {
            return null;
        }
        for (Slot slot : slots) {
            Sequence other = slot.occupant;
            if (other != null
                    && other.ticket() == sequence.ticket()
                    && other.follows()
                    && slot.leader == null
                    && slot.undrawn()) {
                return slot;
            }
        }
        return null;
    }

    /** Adds the draws of the slots that follow one whose last token was just planned to be sampled. */
    void draw(Slot leader, StepPlan plan) {
        for (int i = 0, left = leader.followers; left > 0; i++) {
            if (slots[i].leader == leader) {
                plan.draw(i);
                left--;
            }
        }
    }

    /** The sequence in a following slot goes on with this token; its leader has gone on or ended before. */
    void generated(Slot follower, int token) {
        Slot leader = follower.leader;
        if (leader.goesOn(leader, token)) {
            return;
        }
        for (Slot other : parted) {
            if (other.occupant.ticket() == follower.occupant.ticket() && other.goesOn(leader, token)) {
                follower.follow(other);
                return;
            }
        }
        follower.part(token);
        parted.add(follower);
    }

    /** A leader that is about to go with tokens to decode leaves them to its first follower, which leads the others. */
    void succeed(Slot leader) {
        Slot heir = null;
        for (Slot slot : slots) {
            if (slot.leader == leader) {
                if (heir == null) {
                    heir = slot;
                    heir.part();
                    parted.add(heir);
                } else {
                    slot.follow(heir);
                }
            }
        }
    }

    /** Slots whose sequences have parted and wait for cells; whoever gives them takes them out. */
    List<Slot> parted() {
        return parted;
    }
}
