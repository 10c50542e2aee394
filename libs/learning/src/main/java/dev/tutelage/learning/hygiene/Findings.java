package dev.tutelage.learning.hygiene;

import java.util.List;

/**
 * What was found of a shard's images.
 *
 * @param labeled the indices of those to be labeled, in their order
 * @param relations of these, and of those that are linked instead
 * @param leaks those that must not be labeled
 */
public record Findings(List<Integer> labeled, ImageRelations relations, List<Leak> leaks) {
    public Findings {
        labeled = List.copyOf(labeled);
        leaks = List.copyOf(leaks);
    }

    /** The indices of those to be labeled, in their order. */
    public int[] labeledIndices() {
        return labeled.stream().mapToInt(Integer::intValue).toArray();
    }
}
