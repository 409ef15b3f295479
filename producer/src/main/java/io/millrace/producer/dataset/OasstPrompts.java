package io.millrace.producer.dataset;

import io.millrace.producer.files.LineException;
import io.millrace.producer.files.RawObject;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The first prompt of each message tree that {@link OasstThreads} would look at, named after the tree.
 *
 * <p>Thread-safe.
 */
record OasstPrompts(Columns columns) implements RowShape {

    @Override
    public List<RowTask> tasks(RawObject row) throws LineException, IOException {
        OasstTree tree = OasstTree.read(row);
        if (!tree.exported(columns.oasstLang()) || tree.root().path("deleted").asBoolean()) {
            return List.of();
        }
        String text = JsonText.of(tree.root().path("text").asText());
        return List.of(new RowTask(Optional.of(tree.id()), "prompt", text, tree.metadata()));
    }
}
