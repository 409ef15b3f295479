package io.millrace.worker.pipeline;

import io.millrace.worker.delivery.CommitMetadata;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where jobs come from: the partitions that this worker owns. Calls return at once; order is kept. */
public interface JobSource {

    /** Stops fetching from these partitions until {@link #resume}. */
    void pause(Set<Integer> partitions);

    void resume(Set<Integer> partitions);

    /** Answers {@link Listener#revoking}: nothing more will be published for these partitions. */
    void released(Set<Integer> partitions);

    /** Leaves the group; nothing is owned and nothing is said afterwards. */
    void leave();

    /** What the source says, always on the pipeline's thread. */
    interface Listener {

        /**
         * A partition is owned from now on; its records follow from this offset on, after {@link JobSource#resume}.
         *
         * @param epoch grows with every assignment, so that what belongs to an earlier one can be told apart
         */
        void assigned(int partition, long epoch, long committedOffset, CommitMetadata committed);

        /** Records in order of offset. */
        void received(List<Received> records);

        /** Everything below these positions, by partition, was received or is no record. */
        void positions(Map<Integer, Long> positions);

        /** These partitions go to another worker as soon as {@link JobSource#released} answers. */
        void revoking(Set<Integer> partitions);

        /** These partitions are gone already: nothing of them can be published any more. */
        void lost(Set<Integer> partitions);
    }
}
