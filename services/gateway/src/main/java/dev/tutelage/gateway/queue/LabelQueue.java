package dev.tutelage.gateway.queue;

import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.gateway.fold.Facts;
import dev.tutelage.gateway.history.History;
import dev.tutelage.gateway.history.TaskHistory;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.ledger.TaskLedger;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** How unsure teachers are of the images in the shards that they labeled last: what {@link QueueReader} has read of them. */
@ApplicationScoped
class LabelQueue {
    private final Facts facts;
    private final History history;
    private final LabeledShards labeled;
    private final QueueSettings settings;
    private final Map<String, Map<String, ReadShard>> tasks = new ConcurrentHashMap<>();
    private final Map<String, QueueSample> samples = new ConcurrentHashMap<>();
    private final Lock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();

    LabelQueue(Facts facts, History history, LabeledShards labeled, QueueSettings settings) {
        this.facts = facts;
        this.history = history;
        this.labeled = labeled;
        this.settings = settings;
    }

    /**
     * How it stands with the queue of a task.
     *
     * @param shards whose images are in it
     * @param unread shards that wait to be read
     * @param unreadable shards whose soft labels could not be read, which is tried again
     */
    record Standing(int shards, int unread, int unreadable) {}

    /**
     * Images, those first whose label would help most.
     *
     * @param left how many there are, those that come after these included
     */
    record Best(List<Candidate> images, int left) {
        Best {
            images = List.copyOf(images);
        }
    }

    /** What is to be read for all tasks, those shards first whose labels came last; by task and shard. */
    Map<String, Map<String, Source>> wanted() {
        return facts.read(ledger -> {
            Map<String, Map<String, Source>> wanted = new HashMap<>();
            labeled.tasks().forEach(task -> wanted.put(task, wanted(ledger, task)));
            return wanted;
        });
    }

    private Map<String, Source> wanted(Ledger ledger, String name) {
        Map<String, Source> wanted = new LinkedHashMap<>();
        Optional<TaskLedger> task = ledger.task(name);
        Optional<TaskHistory> past = history.task(name);
        if (task.isPresent() && past.isPresent()) {
            for (SoftLabelsAdded last : labeled.newest(name)) {
                Source.of(task.get(), past.get(), last).ifPresent(source -> wanted.put(last.getShard(), source));
            }
        }
        return wanted;
    }

    /** What was read of a shard last. */
    Optional<ReadShard> read(String task, String shard) {
        return Optional.ofNullable(tasks.getOrDefault(task, Map.of()).get(shard));
    }

    /**
     * Takes what was read of a shard.
     *
     * @param sample of its images, to be compared with those of other shards
     */
    void put(String task, String shard, ReadShard read, List<SampledImage> sample) {
        samples.computeIfAbsent(task, none -> new QueueSample(settings.sample(), new Clusters(settings.clusters())))
                .put(shard, sample);
        tasks.computeIfAbsent(task, none -> new ConcurrentHashMap<>()).put(shard, read);
        lock.lock();
        try {
            more.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets all that is not wanted any longer. */
    void retain(Map<String, Map<String, Source>> wanted) {
        tasks.forEach((task, shards) ->
                shards.keySet().retainAll(wanted.getOrDefault(task, Map.of()).keySet()));
        tasks.keySet().retainAll(wanted.keySet());
        samples.forEach((task, sample) ->
                sample.retain(wanted.getOrDefault(task, Map.of()).keySet()));
        samples.keySet().retainAll(wanted.keySet());
    }

    /** Compares the images of a task with each other, if that has not been done. */
    void cluster(String task) {
        Optional.ofNullable(samples.get(task)).ifPresent(QueueSample::cluster);
    }

    Standing standing(String task) {
        Map<String, Source> wanted = facts.read(ledger -> wanted(ledger, task));
        int ready = 0;
        int unreadable = 0;
        for (Map.Entry<String, Source> each : wanted.entrySet()) {
            Optional<ReadShard> read =
                    read(task, each.getKey()).filter(known -> known.source().equals(each.getValue()));
            unreadable += read.flatMap(ReadShard::failure).isPresent() ? 1 : 0;
            ready += read.isPresent() ? 1 : 0;
        }
        return new Standing(ready - unreadable, wanted.size() - ready, unreadable);
    }

    /**
     * Waits until all that is known of a task's soft labels has been read, but no longer than that.
     *
     * @return whether it has
     */
    boolean awaitRead(String task, Duration patience) {
        long left = patience.toNanos();
        lock.lock();
        try {
            while (standing(task).unread() > 0 && left > 0) {
                left = more.awaitNanos(left);
            }
            return left > 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The images whose label would help most.
     *
     * @param open whether an image may be among them
     */
    Best best(String task, Strategy strategy, int limit, Predicate<String> open) {
        Map<String, Candidate> found = new HashMap<>();
        candidates(task, strategy).forEach(image -> {
            if (strategy.score(image).isPresent() && open.test(image.image())) {
                found.merge(
                        image.image(),
                        image,
                        (one, other) -> score(strategy, one) >= score(strategy, other) ? one : other);
            }
        });
        List<Candidate> images = new ArrayList<>(found.values());
        images.sort(Comparator.comparingDouble((Candidate image) -> score(strategy, image))
                .reversed()
                .thenComparing(Candidate::image));
        return new Best(images.subList(0, Math.min(limit, images.size())), images.size());
    }

    private Stream<Candidate> candidates(String task, Strategy strategy) {
        return strategy == Strategy.CENTRES
                ? ranked(task).values().stream()
                : tasks.getOrDefault(task, Map.of()).values().stream()
                        .flatMap(shard -> shard.images().values().stream());
    }

    private Map<String, Candidate> ranked(String task) {
        return Optional.ofNullable(samples.get(task)).map(QueueSample::ranked).orElse(Map.of());
    }

    private static double score(Strategy strategy, Candidate image) {
        return strategy.score(image).orElse(Double.NEGATIVE_INFINITY);
    }

    /** An image of the queue, whether it is answered or not. */
    Optional<Candidate> find(String task, String image) {
        return tasks.getOrDefault(task, Map.of()).values().stream()
                .map(shard -> Optional.ofNullable(shard.images().get(image)))
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> Optional.ofNullable(ranked(task).get(image)));
    }
}
