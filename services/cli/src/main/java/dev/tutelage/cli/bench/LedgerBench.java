package dev.tutelage.cli.bench;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.tutelage.cli.Terminal;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelQuality;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.artifact.Digest;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.trigger.Relabeling;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a trigger takes that has a long log behind it: it keeps all facts in memory and decides on them. */
@Command(
        name = "ledger",
        description =
                "Memory and time that a trigger takes for a log of many labeled shards: a fold of its facts, and the"
                        + " labeler's decision when one more shard comes.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage bench ledger --shards 100000"})
final class LedgerBench implements Callable<Integer> {
    private static final String TASK = "birds";
    private static final int CLASSES = 10;
    private static final int DECISIONS = 100;
    private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

    @Option(names = "--shards", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}", defaultValue = "100000")
    private int shards;

    private final Ledger ledger = new Ledger();
    private final String teacher = digest("teacher");

    @Override
    public Integer call() throws InvalidProtocolBufferException {
        long before = used();
        long start = System.nanoTime();
        add(TaskDeclared.newBuilder().setTask(TASK).build());
        // After all shards: then the labeler's trigger has to look at every one to find the first that came later.
        ledger.add(
                Promoted.newBuilder()
                        .setTask(TASK)
                        .setRole(Role.ROLE_TEACHER)
                        .setCheckpoint(teacher)
                        .build(),
                NOON.plusSeconds(1));
        for (int i = 0; i < shards; i++) {
            addLabeled(i);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        long bytes = used() - before;
        Terminal.standard()
                .say(String.format(
                        Locale.ROOT,
                        "%,d labeled shards: folded in %.1f s (%,.0f shards/s), %,d MB (%,d bytes a shard);"
                                + " a decision takes %.2f ms",
                        shards,
                        seconds,
                        shards / seconds,
                        bytes >> 20,
                        bytes / shards,
                        millisPerDecision()));
        return 0;
    }

    private void addLabeled(int number) throws InvalidProtocolBufferException {
        String shard = digest("shard-" + number);
        add(shard(shard));
        String run = "label-" + shard.substring(0, 32);
        for (RunState state :
                List.of(RunState.RUN_STATE_REQUESTED, RunState.RUN_STATE_STARTED, RunState.RUN_STATE_SUCCEEDED)) {
            add(RunChanged.newBuilder()
                    .setTask(TASK)
                    .setRunId(run)
                    .setStage(Stage.STAGE_LABEL)
                    .setState(state)
                    .setAttempt(1)
                    .setWorker("labeler-12345678")
                    .setParent(teacher)
                    .setDataset(shard)
                    .build());
        }
        add(SoftLabelsAdded.newBuilder()
                .setTask(TASK)
                .setShard(shard)
                .setTeacher(teacher)
                .setRunId(run)
                .setViews(1)
                .setImages(1_000)
                .setLogits(Artifact.newBuilder()
                        .setDigest(digest("labels-" + number))
                        .setSize(80_000)
                        .setName("soft-labels.safetensors"))
                .setQuality(SoftLabelQuality.newBuilder()
                        .setMeanConfidence(0.9)
                        .setMeanEntropy(0.3)
                        .addAllClassCounts(Collections.nCopies(CLASSES, 100L)))
                .build());
    }

    private static ShardAdded shard(String digest) {
        return ShardAdded.newBuilder()
                .setTask(TASK)
                .setShard(
                        Artifact.newBuilder().setDigest(digest).setSize(500_000).setName("shard.tar"))
                .setImages(1_000)
                .setSplit(Split.SPLIT_TRAIN)
                .build();
    }

    /** Read from bytes, as a trigger does: equal strings of different facts are different objects. */
    private void add(Message fact) throws InvalidProtocolBufferException {
        ledger.add(fact.getParserForType().parseFrom(fact.toByteArray()), NOON);
    }

    private double millisPerDecision() throws InvalidProtocolBufferException {
        long start = System.nanoTime();
        for (int i = 0; i < DECISIONS; i++) {
            add(shard(digest("new-" + i)));
            TaskLedger task = ledger.task(TASK).orElseThrow();
            Promoted holder = task.holder(Role.ROLE_TEACHER).orElseThrow();
            Relabeling relabeling = Relabeling.by(holder, task);
            long due = relabeling.liveUnasked(task).count()
                    + relabeling.backlogUnasked(holder, task).count();
            if (due != i + 1) {
                throw new IllegalStateException("There are " + (i + 1) + " new shards, but " + due + " are due");
            }
        }
        return (System.nanoTime() - start) / 1e6 / DECISIONS;
    }

    private static String digest(String name) {
        return Digest.of(name.getBytes(StandardCharsets.UTF_8)).hex();
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
