package dev.tutelage.cli.verify;

import com.google.protobuf.Message;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.RejectedItem;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.log.Place;
import dev.tutelage.platform.log.PlacedFact;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the topics say about one task's runs, checkpoints and promotions. It forgets no repetition. */
final class TaskRuns {
    /** By run id and number of the retry. */
    private final Map<String, NavigableMap<Integer, RunLife>> lives = new LinkedHashMap<>();

    private final Set<String> shards = new HashSet<>();
    private final Set<String> softLabels = new HashSet<>();
    private final Map<String, List<Said<CheckpointPublished>>> checkpoints = new LinkedHashMap<>();
    private final Map<Role, List<Timed<Promoted>>> promotions = new EnumMap<>(Role.class);
    private final Map<Role, List<Timed<CandidateJudged>>> judgements = new EnumMap<>(Role.class);
    private final Set<Loss> losses = new HashSet<>();
    private final Set<String> buried = new HashSet<>();

    /** A fact, where it is said, and when. */
    record Timed<M extends Message>(M fact, Place place, Instant time) {}

    /** Of a run it is told that this shard could not be read as a whole. */
    private record Loss(String run, String shard) {}

    /** The task that a fact is about. */
    static Optional<String> taskOf(Message fact) {
        if (fact instanceof TaskDeclared declared) {
            return Optional.of(declared.getTask());
        } else if (fact instanceof ShardAdded shard) {
            return Optional.of(shard.getTask());
        } else if (fact instanceof RunRequested requested) {
            return Optional.of(requested.getTask());
        } else if (fact instanceof RunChanged changed) {
            return Optional.of(changed.getTask());
        } else if (fact instanceof CheckpointPublished checkpoint) {
            return Optional.of(checkpoint.getTask());
        } else if (fact instanceof SoftLabelsAdded labels) {
            return Optional.of(labels.getTask());
        } else if (fact instanceof Promoted promoted) {
            return Optional.of(promoted.getTask());
        } else if (fact instanceof CandidateJudged judged) {
            return Optional.of(judged.getTask());
        } else if (fact instanceof DeadLettered letter) {
            return Optional.of(letter.getTask()).filter(task -> !task.isEmpty());
        }
        return Optional.empty();
    }

    void add(PlacedFact placed) {
        Message fact = placed.fact().payload();
        Place place = placed.place();
        Instant time = placed.fact().time();
        if (fact instanceof ShardAdded shard) {
            shards.add(shard.getShard().getDigest());
        } else if (fact instanceof RunRequested requested) {
            life(requested.getRunId(), requested.getRetry()).add(requested, place);
        } else if (fact instanceof RunChanged changed) {
            life(changed.getRunId(), changed.getRetry()).add(changed, place);
        } else if (fact instanceof CheckpointPublished checkpoint) {
            checkpoints
                    .computeIfAbsent(checkpoint.getDigest(), none -> new ArrayList<>())
                    .add(new Said<>(checkpoint, place));
        } else if (fact instanceof SoftLabelsAdded labels) {
            softLabels.add(labels.getLogits().getDigest());
        } else if (fact instanceof Promoted promoted) {
            ofRole(promotions, promoted.getRole()).add(new Timed<>(promoted, place, time));
        } else if (fact instanceof CandidateJudged judged) {
            ofRole(judgements, judged.getRole()).add(new Timed<>(judged, place, time));
        } else if (fact instanceof DeadLettered letter) {
            buried.add(letter.getRunId());
            letter.getRejectedList().stream()
                    .filter(item -> item.getImage().isEmpty())
                    .map(RejectedItem::getShard)
                    .forEach(shard -> losses.add(new Loss(letter.getRunId(), shard)));
        }
    }

    private RunLife life(String run, int retry) {
        return lives.computeIfAbsent(run, none -> new TreeMap<>())
                .computeIfAbsent(retry, number -> new RunLife(new RunLife.Key(run, number)));
    }

    private static <T> List<T> ofRole(Map<Role, List<T>> facts, Role role) {
        return facts.computeIfAbsent(role, none -> new ArrayList<>());
    }

    /** Every request that something is said of, in the order of the topics. */
    Stream<RunLife> lives() {
        return lives.values().stream().flatMap(retries -> retries.values().stream());
    }

    /** All requests of one run. */
    Collection<RunLife> livesOf(String run) {
        return lives.getOrDefault(run, Collections.emptyNavigableMap()).values();
    }

    /** Whether the run was asked for again after this; compaction may then have taken how this ended. */
    boolean wasRetried(RunLife.Key key) {
        return lives.get(key.run()).lastKey() > key.retry();
    }

    boolean hasShard(String digest) {
        return shards.contains(digest);
    }

    boolean hasSoftLabels(String logits) {
        return softLabels.contains(logits);
    }

    boolean hasCheckpoint(String digest) {
        return checkpoints.containsKey(digest);
    }

    /** By digest; each list has one if all is well. */
    Map<String, List<Said<CheckpointPublished>>> checkpoints() {
        return checkpoints;
    }

    List<Timed<Promoted>> promotions(Role role) {
        return promotions.getOrDefault(role, List.of());
    }

    List<Timed<CandidateJudged>> judgements(Role role) {
        return judgements.getOrDefault(role, List.of());
    }

    /** Whether a dead letter tells of the run: that it has failed, or what it could not use. */
    boolean isBuried(String run) {
        return buried.contains(run);
    }

    /** Whether a dead letter of the run tells that this shard could not be read. */
    boolean isToldLost(String run, String shard) {
        return losses.contains(new Loss(run, shard));
    }
}
