package dev.tutelage.platform.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.artifact.Digest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The name of a run, which follows from what it does: asking for the same work twice is asking for one run. */
public final class RunId {
    private static final int HEX_DIGITS = 32;

    private RunId() {}

    /**
     * The id of a run: its stage, for people, and a hash of everything that determines its result.
     *
     * @param parent digest of the checkpoint that it starts from or learns from
     * @param dataset the dataset's fingerprint
     * @param recipe canonical JSON
     * @param start digest of the checkpoint whose weights a student or a pretraining starts with
     */
    public static String of(
            String task, Stage stage, Optional<String> parent, String dataset, String recipe, Optional<String> start) {
        return of(task, stage, parent, dataset, recipe, start, List.of());
    }

    /**
     * The id of a run that keeps apart what is held out.
     *
     * @param heldOut digests of the held-out shards, in the order of the log; with none, the id is that of the other method
     */
    public static String of(
            String task,
            Stage stage,
            Optional<String> parent,
            String dataset,
            String recipe,
            Optional<String> start,
            List<String> heldOut) {
        String identity = String.join("\n", task, stage.name(), parent.orElse(""), dataset, recipe)
                + start.map(digest -> "\n" + digest).orElse("")
                + (heldOut.isEmpty() ? "" : "\nheld out " + String.join(" ", heldOut));
        return nameOf(stage) + "-" + Digest.of(identity.getBytes(UTF_8)).hex().substring(0, HEX_DIGITS);
    }

    /** A state's name for people, such as {@code failed}. */
    public static String nameOf(RunState state) {
        return state.name().replace("RUN_STATE_", "").toLowerCase(Locale.ROOT);
    }

    /** A stage's name for people, such as {@code fine-tune}. */
    public static String nameOf(Stage stage) {
        return stage.name().replace("STAGE_", "").toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
