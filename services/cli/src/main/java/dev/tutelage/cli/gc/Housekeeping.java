package dev.tutelage.cli.gc;

import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.artifact.StoredObject;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import dev.tutelage.platform.run.StoredOutcomes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds what nothing needs any more, and removes it if that is wanted. It may run beside the services, beside itself, and be
 * killed at any time: everything that it removes is superfluous whether the rest is removed or not.
 *
 * <p>What makes it safe beside services that store bytes first and then say the fact: objects are listed first and facts read
 * after that; whatever was written within the grace is left alone, and so is, at the last look before it is removed, whatever
 * was written again. {@link ArtifactStore#put} writes bytes again that are there already, if they are not young.
 */
public final class Housekeeping {
    private static final String RUNS = "runs/";
    private static final Pattern LEFTOVER = Pattern.compile(
            RUNS + "(?<run>[^/]+)/(retries/[0-9]+/)?(?<what>snapshots|attempts|excused|outcome|ended)(/.*)?");

    private final Map<String, Object> kafka;
    private final ArtifactStore store;
    private final Clock clock;

    /** @param kafka settings with which a Kafka client reaches the broker */
    public Housekeeping(Map<String, Object> kafka, ArtifactStore store, Clock clock) {
        this.kafka = kafka;
        this.store = store;
        this.clock = clock;
    }

    /**
     * What is to be done.
     *
     * @param task only what belongs to this task; artifacts that nothing names belong to none
     * @param delete whether to remove what is found
     * @param grace how long ago an object must have been written
     */
    public record Order(Optional<String> task, boolean delete, Duration grace) {}

    /**
     * Looks once, and removes what it is to remove.
     *
     * @throws IllegalArgumentException if there is no such task
     * @throws IOException if a manifest is damaged or missing that tells what is needed, or files cannot be written here
     * @throws NotPublishedException if it cannot be said that something expires
     */
    public GcReport run(Order order) throws IOException, NotPublishedException {
        Path directory = Files.createTempDirectory("tutelage-gc-");
        try (FactLog facts = new FactLog(kafka, "/tutelage/cli", "gc-" + UUID.randomUUID(), clock)) {
            return new Sweep(order, new Manifests(store, directory), facts).run();
        } finally {
            Files.delete(directory);
        }
    }

    private final class Sweep {
        private final Order order;
        private final Manifests manifests;
        private final FactLog facts;
        private final GcReport.Tally tally = new GcReport.Tally();
        private final Instant now = clock.instant();
        private final Removal removal;
        private final Inventory inventory;
        private final LogReading log;
        private final List<TaskLedger> tasks;

        Sweep(Order order, Manifests manifests, FactLog facts) {
            this.order = order;
            this.manifests = manifests;
            this.facts = facts;
            this.removal = new Removal(store, now.minus(order.grace()), order.delete(), tally);
            // In this order: see above.
            this.inventory = Inventory.of(store, removal);
            this.log = LogReading.of(kafka, inventory::name);
            this.tasks = log.tasks().stream()
                    .filter(task -> order.task().isEmpty() || order.task().get().equals(task.name()))
                    .toList();
            if (order.task().isPresent() && tasks.isEmpty()) {
                throw new IllegalArgumentException("No task '" + order.task().get() + "' is declared");
            }
        }

        GcReport run() throws IOException, NotPublishedException {
            readManifests();
            Reachable reachable = new Reachable(manifests);
            for (TaskLedger task : log.tasks()) {
                reachable.add(task);
            }
            sweepRuns();
            Expirations expirations = new Expirations(log, reachable, inventory, removal, facts);
            for (TaskLedger task : tasks) {
                expirations.checkpoints(task);
            }
            expirations.softLabels(kafka, tasks, now);
            if (order.task().isEmpty()) {
                inventory.forEachUnnamed(
                        (digest, size) -> removal.remove(Kind.UNNAMED, ArtifactStore.objectName(digest), size));
            }
            return tally.report(order.delete());
        }

        /** What manifests name, facts mostly name too; but a manifest is what a run goes by. */
        private void readManifests() throws IOException {
            for (var dataset : log.datasets()) {
                manifests.read(dataset, inventory::name);
            }
            for (TaskLedger task : log.tasks()) {
                for (CheckpointPublished checkpoint : task.checkpoints()) {
                    if (checkpoint.getFilesCount() > 0 && !log.isExpired(new Digest(checkpoint.getDigest()))) {
                        manifests.read(checkpoint.getFiles(0), inventory::name);
                    }
                }
            }
        }

        private void sweepRuns() {
            Map<String, Instant> endedBefore = new HashMap<>();
            tasks.forEach(task -> endedBefore.put(task.name(), now.minus(Expiry.ofSnapshots(task))));
            store.forEach(RUNS, object -> {
                Matcher name = LEFTOVER.matcher(object.name());
                if (name.matches() && StoredOutcomes.isOutcome(object.name())) {
                    keepUnsaid(name.group("run"));
                } else if (name.matches()) {
                    sweep(object, name.group("run"), kindOf(name.group("what")), endedBefore);
                }
            });
        }

        private static Kind kindOf(String what) {
            return what.equals("snapshots") ? Kind.SNAPSHOTS : Kind.ATTEMPTS;
        }

        /** What an outcome names will be named by facts, once they are said. */
        private void keepUnsaid(String run) {
            if (!log.hasSucceeded(run)) {
                new StoredOutcomes(store)
                        .of(run)
                        .ifPresent(said -> said.forEach(fact -> Mentions.in(fact, inventory::name)));
            }
        }

        private void sweep(StoredObject object, String run, Kind kind, Map<String, Instant> endedBefore) {
            boolean isOver = log.taskOf(run)
                    .filter(task -> endedBefore.containsKey(task)
                            && log.end(task, run)
                                    .filter(end -> end.isBefore(endedBefore.get(task)))
                                    .isPresent())
                    .isPresent();
            if (isOver && removal.isOld(object)) {
                removal.remove(kind, object.name(), object.size());
            }
        }
    }
}
