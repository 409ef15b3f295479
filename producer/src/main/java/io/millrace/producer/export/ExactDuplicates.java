package io.millrace.producer.export;

import io.millrace.job.Message;

/**
 * Drops a sample whose prompt and text an earlier one has. Keeps 64 bits a sample, so that among a million samples the
 * chance of one wrongly dropped is below one in thirty million.
 *
 * <p>Confined to the exporting thread.
 */
final class ExactDuplicates implements Filter {
    private final LongTable seen = new LongTable();

    @Override
    public String name() {
        return "exact_duplicate";
    }

    @Override
    public boolean keeps(ExportRow row, Completion completion) {
        long hash = Hashes.START;
        for (Message message : row.messages()) {
            hash = Hashes.add(Hashes.add(hash, message.role()), message.content());
        }
        return seen.putIfAbsent(Hashes.add(hash, completion.text()), 0) < 0;
    }
}
