package dev.tutelage.platform.privilege;

import java.util.List;
import java.util.Locale;

/** Whom Kafka and the store know by name. Both halves of a service are one: by default they are one process. */
public enum Principal {
    PRETRAINER,
    FINE_TUNER,
    LABELER,
    STUDENT_TRAINER,
    GATEWAY,
    /** The S3 service, where it tells of new objects in buckets of others. */
    BUCKETS,
    /** Who creates topics and does nothing else, where no operator does. */
    TOPICS;

    /** The name, which is the service's: {@code fine-tuner}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Those that are services of ours. */
    public static List<Principal> services() {
        return List.of(PRETRAINER, FINE_TUNER, LABELER, STUDENT_TRAINER, GATEWAY);
    }
}
