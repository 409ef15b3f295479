package io.millrace.producer.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongPredicate;

/**
 * Copies result lines in the order of their jobs, of each job the last one.
 *
 * <p>Confined to the collecting thread.
 */
final class SortedCopy {
    private final Path file;
    private final String lineStart;
    private final LongPredicate kept;

    /**
     * @param lineStart what each line starts with, before the job's index
     * @param kept whether the line of the job at an index is to be copied
     */
    SortedCopy(Path file, String lineStart, LongPredicate kept) {
        this.file = file;
        this.lineStart = lineStart;
        this.kept = kept;
    }

    void copyTo(LineFile target) throws IOException {
        try (LinesByJob lines = new LinesByJob(file, lineStart)) {
            for (int job = 0; job < lines.jobs(); job++) {
                if (lines.has(job) && kept.test(job)) {
                    lines.copy(job, target::write);
                }
            }
        }
    }
}
