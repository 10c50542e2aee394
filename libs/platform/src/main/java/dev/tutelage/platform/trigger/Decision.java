package dev.tutelage.platform.trigger;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.DriftDetected;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.PromotionKind;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.Verdict;
import dev.tutelage.platform.policy.Grounds;
import dev.tutelage.platform.run.Dataset;
import java.util.List;
import java.util.Optional;

/** What a trigger concludes from the facts. */
public sealed interface Decision {

    /**
     * Whether it depends on more than the facts before it, such as the time, or on which of two others is said first. It is
     * then said in a {@link Turn}. What does not is the same for every trigger and moment.
     */
    default boolean dependsOnTheMoment() {
        return true;
    }

    /**
     * A run is due. Asking for a run that was asked for before changes nothing.
     *
     * @param parent digest of the checkpoint that it starts from or learns from
     * @param recipe canonical JSON
     * @param start digest of the checkpoint whose weights a student or a pretraining starts with
     * @param backlog whether it may wait for what is not of the backlog
     * @param reason why, for people
     * @param heldOut shards of which nothing may be labeled
     * @param grounds of a training; labeling needs none
     */
    record Request(
            String task,
            Stage stage,
            Optional<String> parent,
            Input input,
            String recipe,
            Optional<String> start,
            boolean backlog,
            String reason,
            List<Artifact> heldOut,
            Optional<Grounds> grounds)
            implements Decision {
        public Request {
            heldOut = List.copyOf(heldOut);
        }

        /** A training, with its grounds. */
        public static Request training(
                String task,
                Stage stage,
                Optional<String> parent,
                Dataset dataset,
                String recipe,
                Optional<String> start,
                Grounds grounds) {
            return new Request(
                    task,
                    stage,
                    parent,
                    new Input.OfDataset(dataset),
                    recipe,
                    start,
                    false,
                    grounds.reason(),
                    List.of(),
                    Optional.of(grounds));
        }

        /**
         * Labeling of a shard by a teacher.
         *
         * @param teacher digest
         */
        public static Request labeling(
                String task,
                String teacher,
                Artifact shard,
                String recipe,
                boolean backlog,
                String reason,
                List<Artifact> heldOut) {
            return new Request(
                    task,
                    Stage.STAGE_LABEL,
                    Optional.of(teacher),
                    new Input.OfShard(shard),
                    recipe,
                    Optional.empty(),
                    backlog,
                    reason,
                    heldOut,
                    Optional.empty());
        }

        /** What a teacher is to label follows from the facts, and there are many. */
        @Override
        public boolean dependsOnTheMoment() {
            return stage != Stage.STAGE_LABEL;
        }
    }

    /**
     * A candidate for a role has been judged.
     *
     * @param promotion said with it, if the verdict is that it is promoted
     */
    record Judge(CandidateJudged judgement, Optional<Promoted> promotion) implements Decision {

        /**
         * With the promotion that follows from the verdict, if one does.
         *
         * @param kind of promotion
         */
        static Judge of(CandidateJudged judged, PromotionKind kind) {
            Promoted promotion = Promoted.newBuilder()
                    .setTask(judged.getTask())
                    .setRole(judged.getRole())
                    .setCheckpoint(judged.getCheckpoint())
                    .setPrevious(judged.getHolder())
                    .setEvidence(judged.getEvidence())
                    .setKind(kind)
                    .build();
            boolean promoted = judged.getVerdict() == Verdict.VERDICT_PROMOTED;
            return new Judge(judged, promoted ? Optional.of(promotion) : Optional.empty());
        }
    }

    /** What comes has drifted away from what the teacher knows. */
    record Report(DriftDetected drift) implements Decision {
        @Override
        public boolean dependsOnTheMoment() {
            return false;
        }
    }

    /** What a run is about. */
    sealed interface Input {

        /** A dataset, whose manifest the trigger stores before it asks. */
        record OfDataset(Dataset dataset) implements Input {}

        /** A single shard, already stored. */
        record OfShard(Artifact shard) implements Input {}
    }
}
