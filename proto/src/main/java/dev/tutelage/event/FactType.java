package dev.tutelage.event;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.tutelage.event.v1.ArtifactsExpired;
import dev.tutelage.event.v1.Audited;
import dev.tutelage.event.v1.CancellationRequested;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.DeadLetterReplayed;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.DriftDetected;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunProgressed;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.event.v1.TaskPaused;
import dev.tutelage.event.v1.UploadAccepted;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** The kinds of fact: for each its CloudEvents type, its topic, its key and its payload. */
@SuppressWarnings("ImmutableEnumChecker") // The functions capture nothing that can change.
public enum FactType {
    TASK_DECLARED(TaskDeclared.class, TaskDeclared.parser(), fact -> Topic.TASKS, TaskDeclared::getTask),
    SHARD_ADDED(
            ShardAdded.class,
            ShardAdded.parser(),
            fact -> Topic.SHARDS,
            fact -> fact.getTask() + "/" + fact.getShard().getDigest()),
    UPLOAD_ACCEPTED(
            UploadAccepted.class,
            UploadAccepted.parser(),
            fact -> Topic.UPLOADS,
            fact -> fact.getTask() + "/" + fact.getUpload()),
    RUN_REQUESTED(
            RunRequested.class,
            RunRequested.parser(),
            fact -> Topic.requestsOf(fact.getStage(), fact.getBacklog()),
            RunRequested::getRunId),
    RUN_CHANGED(RunChanged.class, RunChanged.parser(), fact -> Topic.RUNS, RunChanged::getRunId),
    RUN_PROGRESSED(RunProgressed.class, RunProgressed.parser(), fact -> Topic.RUN_PROGRESS, RunProgressed::getRunId),
    CHECKPOINT_PUBLISHED(
            CheckpointPublished.class,
            CheckpointPublished.parser(),
            fact -> Topic.CHECKPOINTS,
            CheckpointPublished::getDigest),
    SOFT_LABELS_ADDED(
            SoftLabelsAdded.class,
            SoftLabelsAdded.parser(),
            fact -> Topic.SOFT_LABELS,
            fact -> fact.getTask() + "/" + fact.getShard()),
    PROMOTED(
            Promoted.class,
            Promoted.parser(),
            fact -> Topic.PROMOTIONS,
            fact -> fact.getTask() + "/" + roleName(fact.getRole())),
    DRIFT_DETECTED(
            DriftDetected.class,
            DriftDetected.parser(),
            fact -> Topic.DRIFT,
            fact -> fact.getTask() + "/" + fact.getTeacher()),
    CANDIDATE_JUDGED(
            CandidateJudged.class,
            CandidateJudged.parser(),
            fact -> Topic.JUDGEMENTS,
            fact -> fact.getTask() + "/" + roleName(fact.getRole())),
    TASK_PAUSED(TaskPaused.class, TaskPaused.parser(), fact -> Topic.PAUSES, TaskPaused::getTask),
    CANCELLATION_REQUESTED(
            CancellationRequested.class,
            CancellationRequested.parser(),
            fact -> Topic.CANCELLATIONS,
            CancellationRequested::getRunId),
    ARTIFACTS_EXPIRED(
            ArtifactsExpired.class, ArtifactsExpired.parser(), fact -> Topic.EXPIRATIONS, ArtifactsExpired::getTask),
    DEAD_LETTERED(DeadLettered.class, DeadLettered.parser(), fact -> Topic.DEAD_LETTERS, fact -> fact.getKey()
            .toStringUtf8()),
    DEAD_LETTER_REPLAYED(
            DeadLetterReplayed.class,
            DeadLetterReplayed.parser(),
            fact -> Topic.DEAD_LETTER_REPLAYS,
            fact -> Long.toString(fact.getDeadLetterOffset())),
    AUDITED(Audited.class, Audited.parser(), fact -> Topic.AUDIT, Audited::getRequest);

    private final Class<? extends Message> payloadClass;
    private final Parser<? extends Message> parser;
    private final Function<Message, Topic> topic;
    private final Function<Message, String> key;

    <M extends Message> FactType(
            Class<M> payloadClass, Parser<M> parser, Function<M, Topic> topic, Function<M, String> key) {
        this.payloadClass = payloadClass;
        this.parser = parser;
        this.topic = payload -> topic.apply(payloadClass.cast(payload));
        this.key = payload -> key.apply(payloadClass.cast(payload));
    }

    /** The CloudEvents type, such as {@code dev.tutelage.ShardAdded.v1}. */
    public String cloudEventType() {
        return "dev.tutelage." + payloadClass.getSimpleName() + ".v1";
    }

    /** The topic that a fact belongs to. */
    public Topic topicOf(Message payload) {
        return topic.apply(payload);
    }

    /** The record key of a fact. Two facts with one key are about the same thing; compaction keeps the newer. */
    public String keyOf(Message payload) {
        return key.apply(payload);
    }

    Message parse(byte[] payload) throws InvalidProtocolBufferException {
        return parser.parseFrom(payload);
    }

    /**
     * The type of a payload.
     *
     * @throws IllegalArgumentException if the message is not a fact
     */
    public static FactType of(Message payload) {
        return Arrays.stream(values())
                .filter(type -> type.payloadClass.isInstance(payload))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        payload.getDescriptorForType().getFullName() + " is not a fact"));
    }

    static Optional<FactType> ofCloudEventType(String cloudEventType) {
        return Arrays.stream(values())
                .filter(type -> type.cloudEventType().equals(cloudEventType))
                .findFirst();
    }

    private static String roleName(Role role) {
        return role.name().replace("ROLE_", "").toLowerCase(Locale.ROOT);
    }
}
