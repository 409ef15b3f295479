package io.millrace.worker.llama;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.job.Job;
import io.millrace.job.Message;
import io.millrace.worker.decode.Jobs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What {@code --slots 1} promises: the same run with the same seed gives the same texts. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OneSlotTest {
    private static final LlamaEngineConfig CONFIG =
            LlamaEngineConfig.of(TestFiles.TINY_CHATML).withSlots(1, 1024, 256).withThreads(1, 1, 1);

    private final List<Job> jobs = jobs();
    private Answers first;

    @BeforeAll
    void answerOnce() {
        first = answers(jobs);
    }

    @Test
    void theSameJobsGiveTheSameTextsByteForByte() {
        Answers second = answers(jobs);
        for (Job job : jobs) {
            assertThat(second.choices(job.id().index()))
                    .isEqualTo(first.choices(job.id().index()));
        }
    }

    /** Kafka hands jobs over in an order that depends on when which partition is polled. */
    @Test
    void theOrderInWhichJobsComeMakesNoDifference() {
        for (int round = 0; round < 2; round++) {
            List<Job> shuffled = new ArrayList<>(jobs);
            Collections.shuffle(shuffled, new Random(round));
            Answers second = answers(shuffled);
            for (Job job : jobs) {
                assertThat(second.choices(job.id().index()))
                        .as("job %d in order %d", job.id().index(), round)
                        .isEqualTo(first.choices(job.id().index()));
            }
        }
    }

    @Test
    void samplesOfAnOpenEndedJobDiffer() {
        Answers answers = answers(jobs());
        long several = jobs().stream()
                .filter(job ->
                        answers.texts(job.id().index()).stream().distinct().count() > 1)
                .count();
        assertThat(several).isGreaterThan(5);
    }

    private static Answers answers(List<Job> jobs) {
        try (LlamaEngine engine = LlamaEngine.open(CONFIG)) {
            return Answers.of(engine, jobs);
        }
    }

    private static List<Job> jobs() {
        List<Job> jobs = new ArrayList<>();
        String[] topics = {"a dog", "the sea", "rain in May", "an old clock", "bread", "a letter"};
        String[] systems = {"You are a helpful assistant. Answer in a few words.", "You tell stories for children.", ""
        };
        for (String system : systems) {
            for (String topic : topics) {
                List<Message> messages = new ArrayList<>();
                if (!system.isEmpty()) {
                    messages.add(new Message(Message.SYSTEM, system));
                }
                messages.add(new Message(Message.USER, "Tell me a short story about " + topic + "."));
                jobs.add(Jobs.job(jobs.size(), messages, Jobs.params(40, 1.2, 2)));
            }
        }
        return jobs;
    }
}
