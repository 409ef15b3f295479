package io.millrace.cli.watch;

import io.millrace.producer.view.WorkerBook;
import io.millrace.producer.view.WorkerFigures;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Asks workers for their figures, beside the watching thread, which never waits for one.
 *
 * <p>Confined to the watching thread, but for its own two.
 */
final class WorkerScrapes implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long RESOLVE_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int ANSWERS_FOR_RATES = 2;
    private static final int MOST_BYTES = 4 << 20;

    private final Supplier<? extends Collection<URI>> told;
    private final ExecutorService threads;
    private final HttpClient http;
    private final Map<String, CompletableFuture<Answer>> asked = new HashMap<>();
    private final Map<String, Integer> answers = new HashMap<>();
    private CompletableFuture<Set<String>> resolving;
    private Set<String> addresses = Set.of();
    private long resolvedNanos;

    private record Answer(Optional<WorkerFigures> figures, long nanos, long second) {}

    /** @param told where workers are, asked anew from time to time */
    WorkerScrapes(Supplier<? extends Collection<URI>> told) {
        this.told = told;
        threads = Executors.newFixedThreadPool(2, task -> {
            Thread thread = new Thread(task, "ask-workers");
            thread.setDaemon(true);
            return thread;
        });
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .executor(threads)
                .build();
    }

    /** Writes what was answered since the last time into the book, and asks again. */
    void look(WorkerBook book, long nanos) {
        resolve(nanos);
        book.addresses(addresses);
        asked.keySet().retainAll(addresses);
        answers.keySet().retainAll(addresses);
        for (String address : addresses) {
            CompletableFuture<Answer> answer = asked.get(address);
            if (answer == null || answer.isDone()) {
                if (answer != null) {
                    take(book, address, answer.join());
                    answers.merge(address, 1, Integer::sum);
                }
                asked.put(address, ask(address));
            }
        }
    }

    private void resolve(long nanos) {
        if (resolving == null) {
            resolving = CompletableFuture.supplyAsync(() -> WorkerAddresses.resolve(told.get()), threads);
        }
        if (resolving.isDone()) {
            addresses = resolving.join();
            if (resolvedNanos == 0 || nanos - resolvedNanos > RESOLVE_NANOS) {
                resolvedNanos = nanos;
                resolving = null;
            }
        }
    }

    /** Whether every worker was asked often enough for its rates, or does not answer. */
    boolean settled() {
        return resolvedNanos != 0
                && addresses.stream().allMatch(address -> answers.getOrDefault(address, 0) >= ANSWERS_FOR_RATES);
    }

    private static void take(WorkerBook book, String address, Answer answer) {
        answer.figures()
                .ifPresentOrElse(
                        figures -> book.heard(address, figures, answer.nanos(), answer.second()),
                        () -> book.silent(address));
    }

    private CompletableFuture<Answer> ask(String address) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(address)).timeout(PATIENCE).build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
                .thenApplyAsync(WorkerScrapes::figures, threads)
                .exceptionally(e -> Optional.empty())
                .thenApply(figures -> new Answer(figures, System.nanoTime(), System.currentTimeMillis() / 1000));
    }

    private static Optional<WorkerFigures> figures(HttpResponse<InputStream> response) {
        try (InputStream body = response.body()) {
            return response.statusCode() == 200
                    ? MetricsText.figures(new String(body.readNBytes(MOST_BYTES), StandardCharsets.UTF_8))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
