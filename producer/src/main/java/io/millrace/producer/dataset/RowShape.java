package io.millrace.producer.dataset;

import io.millrace.producer.files.LineException;
import io.millrace.producer.files.RawObject;
import java.io.IOException;
import java.util.List;

/** What rows mean. */
interface RowShape {

    /** The tasks of a row; none where the row is one to be left out. */
    List<RowTask> tasks(RawObject row) throws LineException, IOException;
}
