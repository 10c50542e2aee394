package dev.tutelage.gateway.api;

import dev.tutelage.gateway.fold.Facts;
import dev.tutelage.gateway.history.History;
import dev.tutelage.gateway.history.TaskHistory;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.ledger.TaskLedger;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/** Reads what is known, while nothing is added to it. */
@Singleton
public class Known {
    private final Facts facts;
    private final History history;

    public Known(Facts facts, History history) {
        this.facts = facts;
        this.history = history;
    }

    /**
     * What is known of a task.
     *
     * @param ledger what its facts add up to
     * @param history the facts themselves
     */
    public record Task(TaskLedger ledger, TaskHistory history) {}

    /** Reads from everything. */
    public <T> T read(BiFunction<Ledger, History, T> reading) {
        return facts.read(ledger -> reading.apply(ledger, history));
    }

    /**
     * Reads about a task.
     *
     * @throws io.quarkiverse.resteasy.problem.HttpProblem with status 404 if there is no such task
     */
    public <T> T task(String name, Function<Task, T> reading) {
        return read((ledger, all) -> reading.apply(task(name, ledger, all)));
    }

    /** The task; a problem with status 404 if there is none. */
    public static Task task(String name, Ledger ledger, History all) {
        return ledger.task(name)
                .flatMap(known -> all.task(name).map(history -> new Task(known, history)))
                .orElseThrow(() -> Problems.noTask(name, names(all)));
    }

    /** Names of the declared tasks. */
    public static List<String> names(History all) {
        return StreamSupport.stream(all.names().keys().spliterator(), false).toList();
    }

    /**
     * Waits until what was written is known here too, so that who reads next finds it; not for ever, for it is on Kafka anyway.
     *
     * @param seen whether it is known
     */
    public void await(Duration patience, BiPredicate<Ledger, History> seen) {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            boolean more = true;
            while (more) {
                long facts = history.news().facts();
                Duration left = Duration.ofNanos(deadline - System.nanoTime());
                more = !read(seen::test) && history.news().awaitMoreThan(facts, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
