package dev.tutelage.gateway.upload;

import com.google.protobuf.Message;
import dev.tutelage.control.ingest.PackingLimits;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.UploadAccepted;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.log.NotPublishedException;
import dev.tutelage.platform.trace.RunFields;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Packs the images of many requests into shards, puts these into the store, and says both. An upload has its outcome when its
 * shards are durable and said, not before.
 */
@ApplicationScoped
class Packer {
    private static final Logger LOG = LoggerFactory.getLogger(Packer.class);
    private static final int THREADS = 4;

    private final Spool spool;
    private final ArtifactStore store;
    private final UploadTurn turn;
    private final Tracer tracer;
    private final Map<Target, Lane> lanes = new ConcurrentHashMap<>();
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(THREADS, work -> {
        Thread thread = new Thread(work, "packing");
        thread.setDaemon(true);
        return thread;
    });

    Packer(Spool spool, ArtifactStore store, UploadTurn turn, Tracer tracer) {
        this.spool = spool;
        this.store = store;
        this.turn = turn;
        this.tracer = tracer;
    }

    /** When a shard is full. */
    static PackingLimits limits(UploadSettings settings) {
        return new PackingLimits(
                settings.shardImages(), settings.shardBytes().asLongValue(), Optional.of(settings.linger()));
    }

    /** Lets an upload wait for its shards. Its file is closed at the end. */
    void add(Upload upload) {
        Lane lane = lanes.computeIfAbsent(upload.target(), none -> new Lane());
        boolean first = lane.add(upload, System.nanoTime());
        if (first || lane.untilDue(System.nanoTime()) <= 0) {
            schedule(lane);
        }
    }

    private void schedule(Lane lane) {
        long due = lane.untilDue(System.nanoTime());
        Future<?> unused = threads.schedule(() -> deliverIfDue(lane), Math.max(0, due), TimeUnit.NANOSECONDS);
    }

    private void deliverIfDue(Lane lane) {
        long left = lane.untilDue(System.nanoTime());
        if (left <= 0) {
            deliver(lane.take());
        } else if (left < Long.MAX_VALUE) {
            // It was closed because it was full, and others wait now.
            schedule(lane);
        }
    }

    /** In a span that is a child of the first upload's and linked to those of the others, whose images share its shards. */
    @SuppressWarnings("try") // The scope is there to be closed.
    private void deliver(List<Upload> uploads) {
        List<Upload> rest = new ArrayList<>(uploads);
        Span span = span(uploads);
        try (Scope scope = span.makeCurrent()) {
            while (!rest.isEmpty()) {
                deliverSome(rest);
            }
        } catch (IOException | NotPublishedException | RuntimeException e) {
            span.setStatus(StatusCode.ERROR, "not known to be in");
            LOG.warn("{} uploads are not known to be in: {}", rest.size(), e.toString());
            rest.forEach(upload -> upload.outcome().completeExceptionally(new NotStoredException(e)));
        } finally {
            span.end();
            uploads.forEach(Packer::closeFile);
        }
    }

    private Span span(List<Upload> uploads) {
        SpanBuilder span = tracer.spanBuilder("pack").setParent(Context.root());
        uploads.stream().limit(1).forEach(first -> span.setParent(Context.root().with(Span.wrap(first.cause())))
                .setAttribute(RunFields.PREFIX + "task", first.target().task()));
        uploads.stream().skip(1).forEach(other -> span.addLink(other.cause()));
        return span.startSpan();
    }

    /** Says those whose key is not taken; if some are, only those are ended, and the shards must be packed without them. */
    private void deliverSome(List<Upload> rest) throws IOException, NotPublishedException {
        List<Upload> some = firstOfEachKey(rest);
        try (PackedShards packed = PackedShards.of(some, () -> spool.path(".tar"))) {
            List<UploadAccepted> accepted =
                    some.stream().map(upload -> fact(upload, packed)).toList();
            List<Message> facts = new ArrayList<>(stored(packed, some.get(0).target()));
            facts.addAll(accepted);
            Map<Upload, UploadAccepted> before = turn.say(some, facts);
            if (before.isEmpty()) {
                for (int i = 0; i < some.size(); i++) {
                    end(some.get(i), accepted.get(i), rest);
                }
            } else {
                before.forEach((upload, found) -> end(upload, found, rest));
            }
        }
    }

    /** Ends an upload, and those of the same key that came with it. */
    private static void end(Upload upload, UploadAccepted accepted, List<Upload> rest) {
        rest.removeIf(other -> {
            boolean same = other.id().equals(upload.id()) || other.hasKeyOf(upload);
            if (same) {
                other.end(accepted);
            }
            return same;
        });
    }

    private static List<Upload> firstOfEachKey(List<Upload> uploads) {
        List<Upload> first = new ArrayList<>();
        for (Upload upload : uploads) {
            if (first.stream().noneMatch(upload::hasKeyOf)) {
                first.add(upload);
            }
        }
        return first;
    }

    private List<ShardAdded> stored(PackedShards packed, Target target) throws IOException {
        List<ShardAdded> facts = new ArrayList<>();
        for (PackedShards.Shard shard : packed.shards()) {
            Artifact stored = store.put(shard.file(), "shard.tar");
            if (!stored.getDigest().equals(shard.digest())) {
                throw new IOException(shard.file() + " is not what was written there: its SHA-256 is "
                        + stored.getDigest() + ", not " + shard.digest());
            }
            facts.add(ShardAdded.newBuilder()
                    .setTask(target.task())
                    .setShard(stored)
                    .setImages(shard.images())
                    .setLabeled(target.labeled())
                    .setSplit(target.split())
                    .build());
        }
        return facts;
    }

    private static UploadAccepted fact(Upload upload, PackedShards packed) {
        return UploadAccepted.newBuilder()
                .setTask(upload.target().task())
                .setUpload(upload.id())
                .setBy(upload.by())
                .setIdempotencyKey(upload.key().orElse(""))
                .setContent(upload.content())
                .setAccepted(upload.usable().size())
                .setRefused(upload.refused())
                .addAllShards(packed.of(upload))
                .build();
    }

    private static void closeFile(Upload upload) {
        try {
            upload.file().close();
        } catch (IOException e) {
            LOG.warn("The images of upload {} stay on the disk: {}", upload.id(), e.toString());
        }
    }

    @PreDestroy
    void close() {
        threads.shutdownNow();
    }
}
