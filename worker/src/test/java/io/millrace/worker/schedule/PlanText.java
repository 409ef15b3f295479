package io.millrace.worker.schedule;

import java.util.List;
import java.util.stream.IntStream;

/** A plan in words. */
final class PlanText {
    private PlanText() {}

    /** Its copies and trims, as {@code slot<-from:kept}. */
    static List<String> operations(StepPlan plan) {
        return IntStream.range(0, plan.operationCount())
                .mapToObj(i ->
                        plan.operationSlot(i) + "<-" + plan.operationFromSlot(i) + ":" + plan.operationKeptTokens(i))
                .toList();
    }
}
