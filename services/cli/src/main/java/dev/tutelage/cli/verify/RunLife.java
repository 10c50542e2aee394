package dev.tutelage.cli.verify;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.log.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is said about one request of one run: that it is asked for, and how it ended. */
final class RunLife {

    /**
     * Which request it is; the same request said again is the same.
     *
     * @param retry as in {@link RunRequested}
     */
    record Key(String run, int retry) {
        @Override
        public String toString() {
            return retry == 0 ? "run " + run : "run " + run + " (retry " + retry + ")";
        }
    }

    /** What is remembered of what is asked for, as in {@link RunRequested}. */
    record Request(Stage stage, String parent, String start, Artifact dataset) {}

    /** How it ended, and where that is said. */
    record End(RunState state, Place place) {}

    private final Key key;
    private Optional<Request> request = Optional.empty();
    private final List<Place> requests = new ArrayList<>();
    private final List<End> ends = new ArrayList<>();
    private Optional<Place> mentioned = Optional.empty();

    RunLife(Key key) {
        this.key = key;
    }

    void add(RunRequested requested, Place place) {
        request = request.or(() -> Optional.of(new Request(
                requested.getStage(), requested.getParent(), requested.getStart(), requested.getDataset())));
        requests.add(place);
    }

    void add(RunChanged changed, Place place) {
        mentioned = Optional.of(place);
        if (TaskLedger.isTerminal(changed.getState())) {
            ends.add(new End(changed.getState(), place));
        }
    }

    Key key() {
        return key;
    }

    Optional<Request> request() {
        return request;
    }

    /** Where it is asked for; more than one place if several triggers asked. */
    List<Place> requests() {
        return List.copyOf(requests);
    }

    /** One if all is well. */
    List<End> ends() {
        return List.copyOf(ends);
    }

    boolean hasEnded(RunState state) {
        return ends.stream().anyMatch(end -> end.state() == state);
    }

    /** Where something is said of it, for a request that cannot be found. */
    Optional<Place> mentioned() {
        return mentioned;
    }
}
