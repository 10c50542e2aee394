package dev.tutelage.labeler;

import dev.tutelage.learning.label.Teacher;
import dev.tutelage.platform.run.RunRejectedException;
import dev.tutelage.platform.run.Workspace;
import dev.tutelage.stages.Checkpoints;
import java.io.IOException;
import java.util.Optional;

/** Keeps the teacher of the last request loaded: requests of one teacher come in long rows. Used by one thread. */
final class CurrentTeacher {
    private Optional<Loaded> current = Optional.empty();

    private record Loaded(String digest, Teacher teacher) {}

    /** The teacher with that checkpoint digest; valid until another one is asked for. */
    Teacher load(String digest, Workspace workspace) throws IOException, RunRejectedException {
        if (current.isEmpty() || !current.get().digest().equals(digest)) {
            current.ifPresent(loaded -> loaded.teacher().close());
            current = Optional.empty();
            Teacher teacher = Teacher.ofCheckpoint(
                    Checkpoints.fetch(workspace, digest), Runtime.getRuntime().availableProcessors());
            current = Optional.of(new Loaded(digest, teacher));
        }
        return current.get().teacher();
    }
}
