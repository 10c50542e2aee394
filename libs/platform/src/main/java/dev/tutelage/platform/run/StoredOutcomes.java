package dev.tutelage.platform.run;

import com.google.protobuf.Message;
import dev.tutelage.platform.artifact.ArtifactStore;
import java.util.List;
import java.util.Optional;

/** The stored outcomes of runs, for whoever wants to know whether what ended a run was said. */
public final class StoredOutcomes {
    private final RunRecords records;

    public StoredOutcomes(ArtifactStore store) {
        this.records = new RunRecords(store);
    }

    /** The facts that ended the run, if it has succeeded. */
    public Optional<List<Message>> of(String runId) {
        return records.outcome(runId).map(RunRecords.Outcome::facts);
    }

    /** The facts in a stored outcome's bytes; empty if they are damaged. */
    public static Optional<List<Message>> parse(byte[] outcome) {
        return RunRecords.parse("of a backup", outcome).map(RunRecords.Outcome::facts);
    }

    /** The object that holds the outcome of a run. */
    public static String objectName(String runId) {
        return RunRecords.outcomeName(runId);
    }
}
