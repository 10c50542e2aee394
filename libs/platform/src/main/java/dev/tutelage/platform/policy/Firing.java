package dev.tutelage.platform.policy;

import dev.tutelage.event.v1.Evidence;
import java.util.List;

/**
 * That something makes a stage due.
 *
 * @param reason a clause for people, such as "6,000 unlabeled images have come since ..."
 * @param evidence the facts that it follows from
 */
public record Firing(String reason, List<Evidence> evidence) {
    public Firing {
        evidence = List.copyOf(evidence);
    }
}
