package dev.tutelage.platform.policy;

import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.Extent;

/** What a stage learns from, and how much of it there is. */
public enum Measure {
    UNLABELED_IMAGES("unlabeled images", Topic.SHARDS),
    LABELS("labels", Topic.SHARDS),
    SOFT_LABELS("soft labels", Topic.SOFT_LABELS);

    private final String plural;
    private final Topic topic;

    Measure(String plural, Topic topic) {
        this.plural = plural;
        this.topic = topic;
    }

    long of(Extent extent) {
        return switch (this) {
            case UNLABELED_IMAGES -> extent.getUnlabeledImages();
            case LABELS -> extent.getLabels();
            case SOFT_LABELS -> extent.getSoftLabels();
        };
    }

    /** Its name for people, such as {@code unlabeled images}. */
    String plural() {
        return plural;
    }

    /** Where it is said that there is more. */
    Topic topic() {
        return topic;
    }
}
