package dev.tutelage.cli.task;

import dev.tutelage.cli.Durations;
import dev.tutelage.event.v1.Retention;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads what a task file says about retention.
 *
 * @param file for messages
 */
record RetentionYaml(Path file) {

    /** @throws InvalidTaskException naming the file, the field and what to do */
    Retention read(TaskFile.Retention declared) throws InvalidTaskException {
        if (declared.checkpoints().orElse(1) < 1) {
            throw wrong("checkpoints", "1 or more; leave it out to keep all");
        }
        return Retention.newBuilder()
                .setCheckpoints(declared.checkpoints().orElse(0))
                .setSnapshotsMillis(millis("snapshots", declared.snapshots()))
                .setSoftLabelsMillis(millis("soft-labels", declared.softLabels()))
                .build();
    }

    private long millis(String field, Optional<String> duration) throws InvalidTaskException {
        if (duration.isEmpty()) {
            return 0;
        }
        try {
            long millis = Durations.parse(duration.get()).toMillis();
            if (millis > 0) {
                return millis;
            }
        } catch (IllegalArgumentException e) {
            throw new InvalidTaskException(file + ": field 'policies.retention." + field + "': " + e.getMessage(), e);
        }
        throw wrong(field, "more than nothing, such as 1h or 30d");
    }

    private InvalidTaskException wrong(String field, String allowed) {
        return new InvalidTaskException(file + ": field 'policies.retention." + field + "' must be " + allowed);
    }
}
