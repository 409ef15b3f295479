package io.millrace.producer.export;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Filters one behind the other, and what each removed.
 *
 * <p>Confined to the exporting thread.
 */
final class Filters {
    private final List<Filter> filters;
    private final Map<String, Long> removed = new LinkedHashMap<>();

    Filters(List<Filter> filters) {
        this.filters = List.copyOf(filters);
        this.filters.forEach(filter -> removed.put(filter.name(), 0L));
    }

    /** The row with the samples that are left, which may be none. */
    ExportRow apply(ExportRow row) {
        List<Completion> kept = new ArrayList<>(row.completions().size());
        for (Completion completion : row.completions()) {
            if (keeps(row, completion)) {
                kept.add(completion);
            }
        }
        return kept.size() == row.completions().size() ? row : row.with(kept);
    }

    private boolean keeps(ExportRow row, Completion completion) {
        for (Filter filter : filters) {
            if (!filter.keeps(row, completion)) {
                removed.merge(filter.name(), 1L, Long::sum);
                return false;
            }
        }
        return true;
    }

    /** Samples by the filter that removed them, in the filters' order. */
    Map<String, Long> removed() {
        return removed;
    }
}
