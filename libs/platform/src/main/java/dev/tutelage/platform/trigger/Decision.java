package dev.tutelage.platform.trigger;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.DriftDetected;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.run.Dataset;
import java.util.List;
import java.util.Optional;

/** What a trigger concludes from the facts. */
public sealed interface Decision {

    /**
     * A run is due. Asking for a run that was asked for before changes nothing.
     *
     * @param parent digest of the checkpoint that it starts from or learns from
     * @param recipe canonical JSON
     * @param start digest of the checkpoint whose weights a student or a pretraining starts with
     * @param backlog whether it may wait for what is not of the backlog
     * @param reason why, for people
     * @param heldOut shards of which nothing may be labeled
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
            List<Artifact> heldOut)
            implements Decision {
        public Request {
            heldOut = List.copyOf(heldOut);
        }

        /** A run that starts with no student's weights. */
        public Request(String task, Stage stage, Optional<String> parent, Input input, String recipe, String reason) {
            this(task, stage, parent, input, recipe, Optional.empty(), reason);
        }

        /** A run that starts with some checkpoint's weights. */
        public Request(
                String task,
                Stage stage,
                Optional<String> parent,
                Input input,
                String recipe,
                Optional<String> start,
                String reason) {
            this(task, stage, parent, input, recipe, start, false, reason, List.of());
        }
    }

    /** A checkpoint has passed the gate. */
    record Promote(Promoted promotion) implements Decision {}

    /** What comes has drifted away from what the teacher knows. */
    record Report(DriftDetected drift) implements Decision {}

    /** What a run is about. */
    sealed interface Input {

        /** A dataset, whose manifest the trigger stores before it asks. */
        record OfDataset(Dataset dataset) implements Input {}

        /** A single shard, already stored. */
        record OfShard(Artifact shard) implements Input {}
    }
}
