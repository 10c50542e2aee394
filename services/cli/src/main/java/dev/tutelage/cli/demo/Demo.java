package dev.tutelage.cli.demo;

import dev.tutelage.cli.ingest.ShardStream;
import dev.tutelage.control.task.TaskRegistry;
import dev.tutelage.event.Fact;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.learning.data.ImageSet;
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
import java.util.function.BooleanSupplier;

/**
 * Shows the whole loop. It declares the task, adds the held-out and the labeled images, streams in the unlabeled ones, and
 * from then on only watches: whatever happens is set off by an event. In a second act more images and labels come.
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
     * Declares the task and begins to watch. Played again on the same machine the demo finds everything done.
     *
     * @throws DemoFailedException if another task of that name is declared, or it cannot be said
     */
    Performance open(Script script, Story.Announcer announcer, Duration progressEvery) throws DemoFailedException {
        declare(script.task());
        Story story = new Story(script.task().getTask(), announcer, progressEvery.toNanos());
        return new Performance(script, story, new FactReader(kafka, EnumSet.allOf(Topic.class)));
    }

    /** The demo as it goes on. */
    final class Performance implements AutoCloseable {
        private final Script script;
        private final Story story;
        private final FactReader reader;
        private final ShardStream shards;
        private final ExecutorService streamer = Executors.newSingleThreadExecutor();

        private Performance(Script script, Story story, FactReader reader) {
            this.script = script;
            this.story = story;
            this.reader = reader;
            this.shards = new ShardStream(script.task().getTask(), store, log);
        }

        /**
         * Streams the sample in, and returns when all of it is there and a student is promoted.
         *
         * @throws DemoFailedException if that cannot come about
         */
        Story firstAct() throws DemoFailedException, InterruptedException {
            return play(story::isComplete, () -> {
                shards.add(script.sample().heldOut(), Split.SPLIT_HELD_OUT);
                shards.add(script.sample().labeled(), Split.SPLIT_TRAIN);
                stream(script.sample().unlabeled());
            });
        }

        /**
         * Streams more in, and returns when all that follows from it has come to its end.
         *
         * @throws DemoFailedException if that cannot come about
         */
        Story secondAct(Sample.Arrival more) throws DemoFailedException, InterruptedException {
            return play(story::isSecondActOver, () -> {
                stream(more.unlabeled());
                shards.add(more.labeled(), Split.SPLIT_TRAIN);
            });
        }

        private void stream(ImageSet unlabeled) throws NotPublishedException, IOException {
            shards.stream(unlabeled, Split.SPLIT_TRAIN, script.shardSize(), script.imagesPerSecond());
        }

        private Story play(BooleanSupplier over, Arriving arriving) throws DemoFailedException, InterruptedException {
            CompletableFuture<Void> stream = CompletableFuture.runAsync(() -> arrive(arriving), streamer);
            long lastNews = System.nanoTime();
            while (!stream.isDone() || !over.getAsBoolean()) {
                boolean news = false;
                for (Fact fact : reader.poll(POLL)) {
                    story.add(fact);
                    news = true;
                }
                long now = System.nanoTime();
                lastNews = news ? now : lastNews;
                requireAlive(story, stream, Duration.ofNanos(now - lastNews));
            }
            return story;
        }

        @Override
        public void close() {
            streamer.shutdownNow();
            reader.close();
        }
    }

    /** What arrives while the demo watches. */
    @FunctionalInterface
    private interface Arriving {
        void run() throws NotPublishedException, IOException;
    }

    private static void arrive(Arriving arriving) {
        try {
            arriving.run();
        } catch (NotPublishedException | IOException e) {
            throw new CompletionException(e);
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

    /** Fetches a model's files into a directory, for use outside Tutelage. */
    void fetch(CheckpointPublished checkpoint, Path directory) throws IOException {
        Files.createDirectories(directory);
        for (Artifact file : checkpoint.getFilesList()) {
            store.fetch(file, directory.resolve(file.getName()));
        }
    }
}
