package dev.tutelage.learning.recipe;

/**
 * Looks at features while they are learned: how well nearest neighbours and a logistic regression on them tell labeled
 * images apart. Nothing is learned from the labels.
 *
 * @param every epochs between two probes, 0..100000; 0 turns them off
 * @param layer of the projection head whose output is looked at, 0..8 and at most its depth; 0, the usual one, is the
 *     encoder's output
 * @param neighbours that vote, 1..1000; usually 200
 */
public record ProbeRecipe(int every, int layer, int neighbours) {

    /** No probes. */
    public static final ProbeRecipe OFF = new ProbeRecipe(0, 0, 200);

    /** @throws InvalidRecipeException naming the field that is out of its range */
    public ProbeRecipe {
        Require.that(every >= 0 && every <= 100_000, "probe.every", "0..100000", every);
        Require.that(layer >= 0 && layer <= 8, "probe.layer", "0..8", layer);
        Require.that(neighbours >= 1 && neighbours <= 1000, "probe.neighbours", "1..1000", neighbours);
    }

    /** Whether there are any. */
    public boolean on() {
        return every > 0;
    }
}
