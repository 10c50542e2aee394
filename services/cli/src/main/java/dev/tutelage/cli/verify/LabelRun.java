package dev.tutelage.cli.verify;

import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.RejectedItem;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.platform.log.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is said about one label run. */
final class LabelRun {
    private final String id;
    private Optional<Labeled> labels = Optional.empty();
    private Optional<Place> request = Optional.empty();
    private final List<Place> letters = new ArrayList<>();
    private final List<RejectedItem> leftOut = new ArrayList<>();
    private boolean succeeded;
    private boolean failed;

    LabelRun(String id) {
        this.id = id;
    }

    void add(RunRequested requested, Place place) {
        labels = Optional.of(new Labeled(requested.getDataset().getDigest(), requested.getParent()));
        request = Optional.of(place);
    }

    void add(RunChanged changed) {
        labels = Optional.of(new Labeled(changed.getDataset(), changed.getParent()));
        succeeded |= changed.getState() == RunState.RUN_STATE_SUCCEEDED;
        failed |= changed.getState() == RunState.RUN_STATE_FAILED || changed.getState() == RunState.RUN_STATE_CANCELLED;
    }

    void add(DeadLettered letter, Place place) {
        letters.add(place);
        leftOut.addAll(letter.getRejectedList());
    }

    String id() {
        return id;
    }

    /** What it is to label; empty if it was never requested. */
    Optional<Labeled> labels() {
        return labels;
    }

    /** Where its newest request lies, if Kafka still has it. */
    Optional<Place> request() {
        return request;
    }

    boolean hasSucceeded() {
        return succeeded;
    }

    /** Whether it is told that it has failed, was cancelled, or that its request cannot be processed. */
    boolean hasFailed() {
        return !succeeded && (failed || !letters.isEmpty());
    }

    /** What it could not use. */
    List<RejectedItem> leftOut() {
        return leftOut;
    }
}
