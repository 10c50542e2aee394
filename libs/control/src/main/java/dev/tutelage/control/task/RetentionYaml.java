package dev.tutelage.control.task;

import dev.tutelage.event.v1.Retention;
import dev.tutelage.platform.policy.Durations;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads what a task file says about retention.
 *
 * @param file for messages
 */
record RetentionYaml(String file) {

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
        return Durations.parse(duration.get())
                .map(Duration::toMillis)
                .filter(millis -> millis > 0)
                .orElseThrow(() -> wrong(field, "more than nothing, such as 1h or 30d, not '" + duration.get() + "'"));
    }

    private InvalidTaskException wrong(String field, String allowed) {
        return new InvalidTaskException(file + ": field 'policies.retention." + field + "' must be " + allowed);
    }
}
