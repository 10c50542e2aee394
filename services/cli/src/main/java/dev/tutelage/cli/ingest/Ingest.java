package dev.tutelage.cli.ingest;

import dev.tutelage.cli.ingest.ShardDelivery.Step;
import dev.tutelage.control.ingest.PackingLimits;
import dev.tutelage.platform.log.NotPublishedException;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Packs what a source has into shards and brings each to its end, while the next fills. It has one thread that reads the
 * source, several that check images, the caller's, which packs, and one that stores and says; none gets far ahead of
 * another, so memory is bounded whatever the source's size.
 */
final class Ingest implements Closeable {
    /** How long a stop may go unnoticed while nothing comes. */
    private static final Duration GLANCE = Duration.ofMillis(100);
    /** How long a thread may take to notice that it is not needed any more. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    /** Sealed shards that may wait for the store. */
    private static final int WAITING = 2;
    /** Of the heap, for images that are under way. */
    private static final int SHARE = 4;

    private final Settings settings;
    private final Checking checking;
    private final Journal journal;
    private final ShardDelivery delivery;
    private final Rejections rejections;
    private final StopSignal stop;
    private final ReadAhead<Outcome> ahead = new ReadAhead<>(
            Runtime.getRuntime().availableProcessors(), Runtime.getRuntime().maxMemory() / SHARE);
    private final ExecutorService deliverer = Executors.newSingleThreadExecutor(work -> daemon(work, "delivery"));
    private final Deque<Future<?>> waiting = new ArrayDeque<>();
    private final long start = System.nanoTime();
    private Optional<NotedShard> open = Optional.empty();
    /** Of the container that is being read: whether something of it could not be used. */
    private boolean flawed;

    private long images;
    private long shards;
    private long finished;
    private long alreadyIn;

    /**
     * How to ingest.
     *
     * @param limits of a shard
     * @param pace of images
     * @param following whether files that change while they are read come again by themselves
     */
    record Settings(PackingLimits limits, Pace pace, boolean following) {}

    Ingest(Settings settings, Checking checking, ShardDelivery delivery, Rejections rejections, StopSignal stop) {
        this.settings = settings;
        this.checking = checking;
        this.journal = checking.journal();
        this.delivery = delivery;
        this.rejections = rejections;
        this.stop = stop;
    }

    /**
     * First finishes what a killed ingest left, then ingests until the source ends or the stop is raised. What is packed by
     * then is said.
     *
     * @throws IOException if the source cannot be read on, or the disk not be written; what was read before is said
     * @throws NotPublishedException if the log stays out of reach; the next ingest goes on
     */
    IngestReport run(CandidateSource source) throws IOException, NotPublishedException, InterruptedException {
        for (SealedShard shard : journal.pending()) {
            delivery.deliver(shard, true);
            finished++;
        }
        Thread reader = daemon(() -> read(source), "source");
        reader.start();
        try {
            pack();
        } finally {
            reader.interrupt();
            // Not for ever: nothing interrupts a read of standard input.
            reader.join(PATIENCE.toMillis());
        }
        return report();
    }

    private void read(CandidateSource source) {
        try {
            source.forEach(new CandidateSource.Sink() {
                @Override
                public void candidate(CandidateSource.Candidate candidate) throws InterruptedException {
                    long pixels = checking.check().shape().size();
                    ahead.submit(candidate.bytes() + pixels, () -> checking.outcome(candidate));
                }

                @Override
                public void outcome(Outcome outcome) throws InterruptedException {
                    ahead.submit(0, () -> outcome);
                }
            });
            ahead.end(Optional.empty());
        } catch (InterruptedException e) {
            ahead.end(Optional.empty());
        } catch (IOException | RuntimeException e) {
            ahead.end(Optional.of(e));
        }
    }

    private void pack() throws IOException, NotPublishedException, InterruptedException {
        while (!stop.isRaised() && !ahead.hasEnded()) {
            Optional<Outcome> next = next();
            if (next.isPresent()) {
                handle(next.get());
            }
            sealIfDue();
        }
        seal();
        drain();
    }

    private Optional<Outcome> next() throws IOException, InterruptedException {
        try {
            return ahead.take(untilDue());
        } catch (IOException e) {
            finishAfter(e);
            throw e;
        }
    }

    /** What was read before a source failed is worth as much as anything else. */
    private void finishAfter(IOException failure) throws InterruptedException {
        try {
            seal();
            drain();
        } catch (IOException | NotPublishedException e) {
            failure.addSuppressed(e);
        }
    }

    private void handle(Outcome outcome) throws IOException, NotPublishedException, InterruptedException {
        if (outcome instanceof Outcome.Usable image) {
            add(image);
        } else if (outcome instanceof Outcome.Unusable unusable) {
            reject(unusable.rejection());
        } else if (outcome instanceof Outcome.AlreadyIn in) {
            alreadyIn++;
            note(in.updates());
        } else if (outcome instanceof Outcome.Unsettled file && !settings.following()) {
            reject(new Rejection(
                    Rejection.Kind.UNREADABLE, file.name(), "was written to or taken away while it was read"));
        } else if (outcome instanceof Outcome.ContainerOpened) {
            flawed = false;
        } else if (outcome instanceof Outcome.ContainerRead container && !flawed) {
            note(List.of(container.entry()));
        }
    }

    private void reject(Rejection rejection) throws IOException {
        flawed = true;
        rejections.add(rejection);
    }

    private void add(Outcome.Usable image) throws IOException, NotPublishedException, InterruptedException {
        // Asked again, now that everything before it is in: a source may have an image twice.
        if (journal.holds(image.entry())
                || open.filter(shard -> shard.holds(image.entry())).isPresent()) {
            alreadyIn++;
            return;
        }
        awaitTurn();
        if (stop.isRaised()) {
            return;
        }
        if (open.filter(shard -> shard.isFullFor(image, settings.limits())).isPresent()) {
            seal();
        }
        if (open.isEmpty()) {
            long number = journal.nextShard();
            open = Optional.of(new NotedShard(number, journal.shard(number), System.nanoTime()));
        }
        open.get().add(image);
        images++;
        settings.pace().took();
        if (open.get().isFull(settings.limits())) {
            seal();
        }
    }

    /** With the next shard if there is one, so that a mark is never ahead of the images that it stands for. */
    private void note(List<Entry> entries) throws IOException {
        if (open.isPresent()) {
            entries.forEach(open.get()::note);
        } else if (!entries.isEmpty()) {
            journal.note(entries);
        }
    }

    private void awaitTurn() throws IOException, NotPublishedException, InterruptedException {
        Duration left = settings.pace().untilNext();
        while (!left.isZero() && !stop.isRaised()) {
            Duration due = untilDue();
            stop.pause(due.compareTo(left) < 0 ? due : left);
            sealIfDue();
            left = settings.pace().untilNext();
        }
    }

    /** How long to wait for anything before looking whether a shard has to be sealed, or everything be stopped. */
    private Duration untilDue() {
        return linger().filter(left -> left.compareTo(GLANCE) < 0).orElse(GLANCE);
    }

    /** How long the shard at hand may still wait; negative if it has waited long enough. */
    private Optional<Duration> linger() {
        return open.flatMap(shard ->
                settings.limits().linger().map(linger -> linger.minusNanos(System.nanoTime() - shard.opened())));
    }

    private void sealIfDue() throws IOException, NotPublishedException, InterruptedException {
        if (linger().filter(left -> left.isNegative() || left.isZero()).isPresent()) {
            seal();
        }
    }

    private void seal() throws IOException, NotPublishedException, InterruptedException {
        if (open.isEmpty()) {
            return;
        }
        NotedShard full = open.get();
        open = Optional.empty();
        SealedShard shard;
        try (full) {
            shard = full.seal();
        }
        delivery.listener().reached(Step.PACKED, shard);
        journal.seal(shard, full.entries());
        delivery.listener().reached(Step.SEALED, shard);
        while (waiting.size() >= WAITING) {
            awaitOldest();
        }
        waiting.add(deliverer.submit(() -> {
            delivery.deliver(shard, false);
            return shard;
        }));
    }

    private void drain() throws IOException, NotPublishedException, InterruptedException {
        while (!waiting.isEmpty()) {
            awaitOldest();
        }
    }

    private void awaitOldest() throws IOException, NotPublishedException, InterruptedException {
        try {
            waiting.remove().get();
            shards++;
        } catch (ExecutionException e) {
            // Those behind it stay pending.
            deliverer.shutdownNow();
            waiting.clear();
            rethrow(e.getCause());
        }
    }

    private static void rethrow(Throwable cause) throws IOException, NotPublishedException {
        if (cause instanceof IOException failure) {
            throw failure;
        } else if (cause instanceof NotPublishedException failure) {
            throw failure;
        } else if (cause instanceof RuntimeException failure) {
            throw failure;
        } else if (cause instanceof Error failure) {
            throw failure;
        }
        throw new IllegalStateException("a shard could not be delivered", cause);
    }

    private IngestReport report() {
        double seconds = (System.nanoTime() - start) / 1e9;
        return new IngestReport(
                images,
                shards,
                finished,
                alreadyIn,
                seconds,
                images / seconds,
                rejections.byKind(),
                journal.directory().toString(),
                rejections.file().toString(),
                ahead.hasEnded());
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() throws IOException {
        ahead.close();
        deliverer.shutdownNow();
        try {
            deliverer.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (open.isPresent()) {
            open.get().close();
        }
    }
}
