package io.millrace.producer.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.job.Message;
import io.millrace.producer.files.LineException;
import io.millrace.producer.files.RawObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A task of each thread of a message tree that {@link ThreadFilter} keeps. A prompt at the end is cut off; then the last
 * answer becomes the metadata's {@code reference}. The name of a thread is the id of its last message.
 *
 * <p>Thread-safe.
 */
record OasstThreads(Columns columns) implements RowShape {
    @Override
    public List<RowTask> tasks(RawObject row) throws LineException, IOException {
        OasstTree tree = OasstTree.read(row);
        List<RowTask> tasks = new ArrayList<>();
        if (tree.exported(columns.oasstLang())) {
            for (List<JsonNode> thread : new ThreadFilter(columns.oasstTopK(), false).threads(tree.root())) {
                tasks.add(task(tree, thread));
            }
        }
        return tasks;
    }

    private static RowTask task(OasstTree tree, List<JsonNode> thread) throws LineException {
        Chat chat = new Chat();
        ThreadFilter.requireAlternating(thread);
        for (int i = 0; i < thread.size(); i++) {
            chat.add(
                    i % 2 == 0 ? Message.USER : Message.ASSISTANT,
                    thread.get(i).path("text").asText());
        }
        if (!chat.endsWithAnswer()) {
            chat.cutLast();
        }
        String reference = chat.cutLast();
        String id = thread.get(thread.size() - 1).path("message_id").asText();
        return new RowTask(Optional.of(id), "messages", chat.json(), Reference.add(tree.metadata(), reference));
    }
}
