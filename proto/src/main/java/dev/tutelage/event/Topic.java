package dev.tutelage.event;

import dev.tutelage.event.v1.Stage;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * The topics, and how Kafka keeps them.
 *
 * <p>Topics of facts have one partition: a trigger decides on prefixes of the log, so the order must be the same for
 * every reader. Topics of requests are what is shared among workers, so they have many.
 */
public enum Topic {
    TASKS("tutelage.tasks", Cleanup.COMPACT, Sharing.ORDERED),
    SHARDS("tutelage.shards", Cleanup.KEEP, Sharing.ORDERED),
    UPLOADS("tutelage.uploads", Cleanup.KEEP, Sharing.ORDERED),
    PRETRAIN_REQUESTS("tutelage.pretrain-requests", Cleanup.KEEP, Sharing.SHARED),
    FINE_TUNE_REQUESTS("tutelage.fine-tune-requests", Cleanup.KEEP, Sharing.SHARED),
    LABEL_REQUESTS("tutelage.label-requests", Cleanup.KEEP, Sharing.SHARED),
    RELABEL_REQUESTS("tutelage.relabel-requests", Cleanup.KEEP, Sharing.SHARED),
    DISTILL_REQUESTS("tutelage.distill-requests", Cleanup.KEEP, Sharing.SHARED),
    RUNS("tutelage.runs", Cleanup.COMPACT, Sharing.ORDERED),
    RUN_PROGRESS("tutelage.run-progress", Cleanup.DELETE, Sharing.ORDERED),
    CHECKPOINTS("tutelage.checkpoints", Cleanup.COMPACT, Sharing.ORDERED),
    SOFT_LABELS("tutelage.soft-labels", Cleanup.KEEP, Sharing.ORDERED),
    PROMOTIONS("tutelage.promotions", Cleanup.KEEP, Sharing.ORDERED),
    JUDGEMENTS("tutelage.judgements", Cleanup.KEEP, Sharing.ORDERED),
    DRIFT("tutelage.drift", Cleanup.KEEP, Sharing.ORDERED),
    PAUSES("tutelage.pauses", Cleanup.COMPACT, Sharing.ORDERED),
    CANCELLATIONS("tutelage.cancellations", Cleanup.KEEP, Sharing.ORDERED),
    EXPIRATIONS("tutelage.expirations", Cleanup.KEEP, Sharing.ORDERED),
    DEAD_LETTERS("tutelage.dead-letters", Cleanup.KEEP, Sharing.ORDERED),
    DEAD_LETTER_REPLAYS("tutelage.dead-letter-replays", Cleanup.KEEP, Sharing.ORDERED),
    AUDIT("tutelage.audit", Cleanup.KEEP, Sharing.ORDERED);

    /** What Kafka may throw away. */
    public enum Cleanup {
        /** All but the newest record of each key. */
        COMPACT,
        /** Nothing. */
        KEEP,
        /** Records older than {@link Topic#RETENTION}. */
        DELETE
    }

    private enum Sharing {
        ORDERED,
        SHARED
    }

    /** How long the topic of progress keeps its records. Requests wait for a worker for as long as it takes. */
    public static final Duration RETENTION = Duration.ofDays(7);

    private static final int SHARED_PARTITIONS = 8;

    private final String topicName;
    private final Cleanup cleanup;
    private final Sharing sharing;

    Topic(String topicName, Cleanup cleanup, Sharing sharing) {
        this.topicName = topicName;
        this.cleanup = cleanup;
        this.sharing = sharing;
    }

    /** The name on Kafka. */
    public String topicName() {
        return topicName;
    }

    public Cleanup cleanup() {
        return cleanup;
    }

    public int partitions() {
        return sharing == Sharing.SHARED ? SHARED_PARTITIONS : 1;
    }

    /** The topic with that name on Kafka. */
    public static Optional<Topic> named(String topicName) {
        return Arrays.stream(values())
                .filter(topic -> topic.topicName.equals(topicName))
                .findFirst();
    }

    /**
     * The topic on which runs of a stage are requested.
     *
     * @param backlog whether they may wait for those that are not of the backlog; only labeling has one
     * @throws IllegalArgumentException if the stage is unspecified or unknown to this version
     */
    public static Topic requestsOf(Stage stage, boolean backlog) {
        return switch (stage) {
            case STAGE_PRETRAIN -> PRETRAIN_REQUESTS;
            case STAGE_FINE_TUNE, STAGE_SUPERVISED -> FINE_TUNE_REQUESTS;
            case STAGE_LABEL -> backlog ? RELABEL_REQUESTS : LABEL_REQUESTS;
            case STAGE_DISTILL, STAGE_SELF_DISTILL -> DISTILL_REQUESTS;
            case STAGE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("No requests exist for stage " + stage
                        + "; a newer Tutelage may have written it, so update this service");
        };
    }
}
