package io.millrace.worker.schedule;

/**
 * The slots of a scheduler: one for each sequence that can run, of which fewer have cells. A slot whose sequence has ended
 * keeps its cells until another one needs them.
 *
 * <p>Confined to the decode thread.
 */
final class SlotTable {
    private final Slot[] slots;
    private final int withCells;
    private int running;
    private int decoding;
    private long reservedTokens;

    /**
     * @param withCells how many slots have cells at a time
     * @param sequences how many sequences run at a time, those without cells included
     */
    SlotTable(int withCells, int sequences) {
        this.withCells = withCells;
        this.slots = new Slot[sequences];
        for (int i = 0; i < sequences; i++) {
            slots[i] = new Slot(i);
        }
    }

    /** All slots, by index; not to be changed. */
    Slot[] all() {
        return slots;
    }

    Slot get(int index) {
        return slots[index];
    }

    /** Whether no sequence more can run. */
    boolean full() {
        return running == slots.length;
    }

    /** Whether no sequence more can decode. */
    boolean cellsTaken() {
        return decoding == withCells;
    }

    int running() {
        return running;
    }

    int decoding() {
        return decoding;
    }

    /** Cells reserved by the sequences that decode. */
    long reservedTokens() {
        return reservedTokens;
    }

    int withCells() {
        return withCells;
    }

    /** The first free slot, if possible one that holds cells or none, as wished. */
    Slot free(boolean holdingCells) {
        Slot free = null;
        for (Slot slot : slots) {
            if (slot.occupant == null) {
                if (slot.holdsCells() == holdingCells) {
                    return slot;
                }
                free = free == null ? slot : free;
            }
        }
        return free;
    }

    /** A sequence was seated in a slot. */
    void seated() {
        running++;
    }

    /** The slot's sequence decodes from now on; free slots are emptied, the last ones first, where too many hold cells. */
    void decodes(Slot slot, StepPlan plan) {
        decoding++;
        reservedTokens += slot.occupant.reservedTokens();
        int holding = 0;
        for (Slot each : slots) {
            holding += each.holdsCells() ? 1 : 0;
        }
        for (int i = slots.length - 1; holding > withCells; i--) {
            if (slots[i].occupant == null && slots[i].holdsCells()) {
                slots[i].forget();
                plan.keep(i, i, 0);
                holding--;
            }
        }
    }

    /** The slot's sequence has ended. */
    void free(Slot slot) {
        running--;
        if (slot.decodes()) {
            decoding--;
            reservedTokens -= slot.occupant.reservedTokens();
        }
        slot.free();
    }
}
