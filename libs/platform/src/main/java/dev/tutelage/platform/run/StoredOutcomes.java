package dev.tutelage.platform.run;

import com.google.protobuf.Message;
import dev.tutelage.platform.artifact.ArtifactStore;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The stored outcomes of runs, for whoever wants to know whether what ended a run was said. */
public final class StoredOutcomes {
    private static final Pattern OUTCOME = Pattern.compile("runs/[^/]+/(retries/[0-9]+/)?(outcome|ended)");

    private final RunRecords records;

    public StoredOutcomes(ArtifactStore store) {
        this.records = new RunRecords(store);
    }

    /** The facts that ended the run, if it has succeeded. */
    public Optional<List<Message>> of(String runId) {
        return records.success(runId).map(RunRecords.Outcome::facts);
    }

    /** The facts in a stored outcome's bytes; empty if they are damaged. */
    public static Optional<List<Message>> parse(byte[] outcome) {
        return RunRecords.parse("of a backup", outcome).map(RunRecords.Outcome::facts);
    }

    /** Whether an object says how a request ended, that of a retry or one that failed too. */
    public static boolean isOutcome(String object) {
        return OUTCOME.matcher(object).matches();
    }

    /** The object that holds the outcome of a run's first request. */
    public static String objectName(String runId) {
        return RunRecords.outcomeName(new Asked(runId, 0));
    }
}
