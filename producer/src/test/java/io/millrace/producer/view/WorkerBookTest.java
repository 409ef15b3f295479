package io.millrace.producer.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.producer.view.WorkerView.Condition;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WorkerBookTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long NOW = 1_700_000_000;
    private static final String ADDRESS = "http://gpu-1:8080/metrics";

    private final WorkerBook book = new WorkerBook();

    @Test
    void tokensASecondComeFromTheCounterOverTheLastSeconds() {
        for (int i = 0; i < 20; i++) {
            // The engine tells its figures every other look.
            book.heard(ADDRESS, figures("gpu-1", true, 200L * (i / 2)), i * SECOND, NOW + i);
        }

        WorkerView worker = book.views().get(0);
        assertThat(worker.up()).isTrue();
        assertThat(worker.tokensPerSecond()).isBetween(85.0, 115.0);
        assertThat(book.countsTokens()).isTrue();
        assertThat(book.tokens(NOW, NOW + 19)).isEqualTo(1800);
    }

    @Test
    void aWorkerThatStartedAgainHasNoNegativeRate() {
        book.heard(ADDRESS, figures("gpu-1", true, 5_000), 0, NOW);
        book.heard(ADDRESS, figures("gpu-1", true, 10), SECOND, NOW + 1);
        book.heard(ADDRESS, figures("gpu-1", true, 60), 2 * SECOND, NOW + 2);

        assertThat(book.views().get(0).tokensPerSecond()).isEqualTo(50);
        assertThat(book.tokens(NOW, NOW + 2)).isEqualTo(50);
    }

    @Test
    void anAddressThatDoesNotAnswerIsSilentUnderTheNameItHad() {
        book.addresses(Set.of(ADDRESS, "http://gpu-2:8080/metrics"));
        book.heard(ADDRESS, figures("gpu-1", true, 1), 0, NOW);
        book.silent(ADDRESS);

        assertThat(book.views())
                .extracting(WorkerView::name)
                .containsExactlyInAnyOrder("gpu-1", "http://gpu-2:8080/metrics");
        assertThat(book.views()).extracting(WorkerView::condition).containsOnly(Condition.SILENT);
        assertThat(book.views()).allMatch(worker -> worker.figures().isEmpty());

        book.addresses(Set.of());
        assertThat(book.views()).isEmpty();
    }

    @Test
    void membersOfTheGroupWithoutAnAddressAreThereToo() {
        book.heard(ADDRESS, figures("gpu-1", false, 1), 0, NOW);
        book.members(List.of(new GroupMember("m", "gpu-1", 32), new GroupMember("m", "gpu-2", 32)));

        assertThat(book.views()).extracting(WorkerView::name).containsExactly("gpu-1", "gpu-2");
        assertThat(book.views())
                .extracting(WorkerView::condition)
                .containsExactly(Condition.ENGINE_DOWN, Condition.NOT_ASKED);
        assertThat(book.views().get(1).partitions()).isEqualTo(32);
    }

    @Test
    void thePictureSumsSlotsAndSpreadsTokensOverTenMinutes() {
        RunBook runs = new RunBook(20, Set.of(), false);
        for (int i = 0; i < 30; i++) {
            book.heard(ADDRESS, figures("gpu-1", true, 100L * i), i * SECOND, NOW - 30 + i);
        }

        ClusterPicture picture = ClusterPicture.of(7, NOW * 1000, "kafka:9092", runs, book, List.of("a note"));

        assertThat(picture.slots()).isEqualTo(16);
        assertThat(picture.busySlots()).isEqualTo(4);
        assertThat(picture.workersUp()).isEqualTo(1);
        assertThat(picture.tokens().generated()).hasSize(TokenHistory.POINTS);
        assertThat(picture.tokens().now()).isEqualTo(100);
        assertThat(picture.tokens().generated().get(0)).isZero();
        assertThat(picture.tokens().committed()).containsOnly(0.0);
    }

    private static WorkerFigures figures(String name, boolean up, long generated) {
        return new WorkerFigures(name, "m", up, 16, 4, 2, 64, 10, generated, 0.25, 99);
    }
}
