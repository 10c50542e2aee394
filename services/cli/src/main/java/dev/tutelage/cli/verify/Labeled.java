package dev.tutelage.cli.verify;

import dev.tutelage.event.v1.SoftLabelsAdded;

/** Who labels what: exactly one soft-label fact is due for each. */
record Labeled(String shard, String teacher) {

    static Labeled by(SoftLabelsAdded labels) {
        return new Labeled(labels.getShard(), labels.getTeacher());
    }
}
