package dev.tutelage.cli.demo;

import dev.tutelage.cli.ingest.ShardStream;
import dev.tutelage.cli.ingest.TaskRegistry;
import dev.tutelage.event.Fact;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.FactReader;
import dev.tutelage.platform.log.NotPublishedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Shows the whole loop. It declares the task, adds the held-out and the labeled images, streams in the unlabeled ones, and
 * from then on only watches: whatever happens is set off by an event.
 */
final class Demo {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration STALLED = Duration.ofMinutes(3);

    /**
     * What is shown.
     *
     * @param shardSize images in a shard of the stream
     * @param imagesPerSecond rate of the stream
     */
    record Script(TaskDeclared task, Sample sample, int shardSize, double imagesPerSecond) {}

    private final Map<String, Object> kafka;
    private final ArtifactStore store;
    private final FactLog log;

    Demo(Map<String, Object> kafka, ArtifactStore store, FactLog log) {
        this.kafka = kafka;
        this.store = store;
        this.log = log;
    }

    /**
     * Plays the script and returns when all images are in and the student is promoted. Played again on the same machine
     * it finds everything done.
     *
     * @throws DemoFailedException if it cannot come to its end
     */
    Story play(Script script, Story.Announcer announcer, Duration progressEvery)
            throws DemoFailedException, InterruptedException {
        declare(script.task());
        Story story = new Story(script.task().getTask(), announcer, progressEvery.toNanos());
        ExecutorService streamer = Executors.newSingleThreadExecutor();
        try (FactReader reader = new FactReader(kafka, EnumSet.allOf(Topic.class))) {
            CompletableFuture<Void> stream = CompletableFuture.runAsync(() -> stream(script), streamer);
            long lastNews = System.nanoTime();
            while (!story.isComplete() || !stream.isDone()) {
                boolean news = false;
                for (Fact fact : reader.poll(POLL)) {
                    story.add(fact.payload());
                    news = true;
                }
                long now = System.nanoTime();
                lastNews = news ? now : lastNews;
                requireAlive(story, stream, Duration.ofNanos(now - lastNews));
            }
            return story;
        } finally {
            streamer.shutdownNow();
        }
    }

    private static void requireAlive(Story story, CompletableFuture<Void> stream, Duration silence)
            throws DemoFailedException {
        if (story.failure().isPresent()) {
            throw new DemoFailedException(story.failure().get());
        }
        if (stream.isCompletedExceptionally()) {
            throw new DemoFailedException("The images could not be streamed in: " + causeOf(stream));
        }
        if (silence.compareTo(STALLED) > 0) {
            throw new DemoFailedException("Nothing has happened for " + silence.toSeconds() + " s; waiting for "
                    + (story.open().isEmpty() ? "a trigger" : String.join(", ", story.open())));
        }
    }

    private static String causeOf(CompletableFuture<Void> stream) {
        try {
            stream.join();
            return "";
        } catch (CompletionException e) {
            return e.getCause().getMessage();
        }
    }

    private void declare(TaskDeclared task) throws DemoFailedException {
        try {
            new TaskRegistry(kafka, log).declare(task);
        } catch (TaskRegistry.TaskExistsException | NotPublishedException e) {
            throw new DemoFailedException(e.getMessage());
        }
    }

    private void stream(Script script) {
        try {
            ShardStream shards = new ShardStream(script.task().getTask(), store, log);
            shards.add(script.sample().heldOut(), Split.SPLIT_HELD_OUT);
            shards.add(script.sample().labeled(), Split.SPLIT_TRAIN);
            shards.stream(script.sample().unlabeled(), Split.SPLIT_TRAIN, script.shardSize(), script.imagesPerSecond());
        } catch (NotPublishedException | IOException e) {
            throw new CompletionException(e);
        }
    }

    /** Fetches a model's files into a directory, for use outside Tutelage. */
    void fetch(CheckpointPublished checkpoint, Path directory) throws IOException {
        Files.createDirectories(directory);
        for (Artifact file : checkpoint.getFilesList()) {
            store.fetch(file, directory.resolve(file.getName()));
        }
    }
}
