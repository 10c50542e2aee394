package dev.tutelage.platform.policy;

import dev.tutelage.event.v1.Evidence;
import dev.tutelage.event.v1.Extent;
import dev.tutelage.event.v1.RunRequested;
import java.util.List;

/**
 * Why a run is asked for.
 *
 * @param reason a sentence for people, without its full stop
 * @param extent what there was when it was decided
 * @param evidence the facts that led to it
 * @param superseded requests of the same stage whose place it takes; their runs are cancelled
 */
public record Grounds(String reason, Extent extent, List<Evidence> evidence, List<RunRequested> superseded) {
    public Grounds {
        evidence = List.copyOf(evidence);
        superseded = List.copyOf(superseded);
    }

    /** With something more that people should know, which goes right after the reason. */
    public Grounds adding(String story) {
        return new Grounds(reason + story, extent, evidence, superseded);
    }
}
