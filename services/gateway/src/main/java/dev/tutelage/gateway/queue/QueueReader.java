package dev.tutelage.gateway.queue;

import dev.tutelage.control.softlabel.SoftLabelFile;
import dev.tutelage.gateway.fold.Facts;
import dev.tutelage.gateway.history.History;
import dev.tutelage.gateway.stored.StoredFiles;
import dev.tutelage.gateway.stored.UnseenException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads soft labels for the queue, in the background: once when they were said, and again when another teacher has labeled the shard. */
@ApplicationScoped
class QueueReader {
    private static final Logger LOG = LoggerFactory.getLogger(QueueReader.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(300);

    private final Facts facts;
    private final History history;
    private final LabelQueue queue;
    private final StoredFiles files;
    private final ShardScores scores;
    private final int sample;
    private final Duration retry;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread reading = new Thread(work, "label-queue");
        reading.setDaemon(true);
        return reading;
    });
    /** How many facts there were when everything had been read. */
    private long done = -1;

    QueueReader(Facts facts, History history, LabelQueue queue, StoredFiles files, QueueSettings settings) {
        this.facts = facts;
        this.history = history;
        this.queue = queue;
        this.files = files;
        this.scores = new ShardScores(settings.best(), settings.guesses());
        this.sample = settings.sample();
        this.retry = settings.retry();
    }

    void start(@Observes StartupEvent event) {
        Future<?> unused = thread.scheduleWithFixedDelay(this::look, 0, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        thread.shutdownNow();
    }

    private void look() {
        long now = history.news().facts();
        // What was labeled long ago is not read at a start: the facts tell first what was labeled last.
        if (facts.isCaughtUp() && now != done) {
            try {
                done = readAll() ? now : -1;
            } catch (RuntimeException e) {
                LOG.error("The labeling queue could not be renewed; it stays as it is for now", e);
            }
        }
    }

    /** Returns whether all is read; otherwise some is to be tried again. */
    private boolean readAll() {
        Map<String, Map<String, Source>> wanted = queue.wanted();
        queue.retain(wanted);
        boolean all = true;
        for (Map.Entry<String, Map<String, Source>> task : wanted.entrySet()) {
            for (Map.Entry<String, Source> shard : task.getValue().entrySet()) {
                all &= readIfDue(task.getKey(), shard.getKey(), shard.getValue());
            }
            queue.cluster(task.getKey());
        }
        return all;
    }

    private boolean readIfDue(String task, String shard, Source source) {
        Optional<ReadShard> known =
                queue.read(task, shard).filter(read -> read.source().equals(source));
        if (known.isPresent() && !isToBeTriedAgain(known.get())) {
            return known.get().failure().isEmpty();
        }
        Reading reading = read(source);
        ReadShard read = reading.shard();
        read.failure()
                .ifPresent(reason -> LOG.warn("Shard {} of task {} is not in the queue: {}", shard, task, reason));
        queue.put(task, shard, read, reading.sample());
        return read.failure().isEmpty();
    }

    private boolean isToBeTriedAgain(ReadShard known) {
        return known.failure().isPresent() && System.nanoTime() - known.nanos() > retry.toNanos();
    }

    /** What was read of a shard, and a sample of its images. */
    private record Reading(ReadShard shard, List<SampledImage> sample) {}

    private Reading read(Source source) {
        try {
            return files.read(source.newest(), file -> {
                SoftLabelFile newest = SoftLabelFile.open(file);
                return new Reading(
                        ReadShard.of(source, scored(source, newest)),
                        scores.sample(source.shard().getDigest(), source.teacher(), newest, sample));
            });
        } catch (UnseenException | RuntimeException e) {
            String reason = Optional.ofNullable(e.getMessage()).orElse(e.toString());
            return new Reading(ReadShard.failed(source, reason), List.of());
        }
    }

    private List<Candidate> scored(Source source, SoftLabelFile newest) {
        String shard = source.shard().getDigest();
        if (source.before().isPresent()) {
            try {
                return files.read(
                        source.before().get(),
                        file -> scores.of(shard, source.teacher(), newest, Optional.of(SoftLabelFile.open(file))));
            } catch (UnseenException e) {
                LOG.info("What an earlier teacher says of shard {} is not compared: {}", shard, e.getMessage());
            }
        }
        return scores.of(shard, source.teacher(), newest, Optional.empty());
    }
}
