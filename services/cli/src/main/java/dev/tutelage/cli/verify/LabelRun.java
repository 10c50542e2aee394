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

/** What is said about one label run. If it was asked for again, how it ended before says nothing about how it will. */
final class LabelRun {
    private final String id;
    private Optional<Labeled> labels = Optional.empty();
    private Optional<Place> request = Optional.empty();
    private final List<Place> letters = new ArrayList<>();
    private final List<RejectedItem> leftOut = new ArrayList<>();
    private boolean succeeded;
    private int retry;
    private boolean endedWithoutLabels;

    LabelRun(String id) {
        this.id = id;
    }

    void add(RunRequested requested, Place place) {
        labels = Optional.of(new Labeled(requested.getDataset().getDigest(), requested.getParent()));
        reach(requested.getRetry());
        if (requested.getRetry() == retry) {
            request = Optional.of(place);
        }
    }

    void add(RunChanged changed) {
        labels = Optional.of(new Labeled(changed.getDataset(), changed.getParent()));
        reach(changed.getRetry());
        succeeded |= changed.getState() == RunState.RUN_STATE_SUCCEEDED;
        endedWithoutLabels |= changed.getRetry() == retry && isWithoutLabels(changed.getState());
    }

    void add(DeadLettered letter, Place place) {
        letters.add(new Place(letter.getSourceTopic(), letter.getSourcePartition(), letter.getSourceOffset()));
        leftOut.addAll(letter.getRejectedList());
    }

    /** Topics are read side by side, so a request may be seen before or after what is said about an earlier one. */
    private void reach(int newer) {
        if (newer > retry) {
            retry = newer;
            request = Optional.empty();
            endedWithoutLabels = false;
        }
    }

    private static boolean isWithoutLabels(RunState state) {
        return state == RunState.RUN_STATE_FAILED || state == RunState.RUN_STATE_CANCELLED;
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

    /** Whether it is told that its newest request has failed or was cancelled, or that it cannot be processed. */
    boolean hasFailed() {
        return !succeeded && (endedWithoutLabels || letters.stream().anyMatch(this::isOfNewestRequest));
    }

    private boolean isOfNewestRequest(Place letter) {
        return retry == 0 || request.filter(letter::equals).isPresent();
    }

    /** What it could not use. */
    List<RejectedItem> leftOut() {
        return leftOut;
    }
}
