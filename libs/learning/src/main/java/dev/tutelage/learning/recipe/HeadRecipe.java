package dev.tutelage.learning.recipe;

import dev.tutelage.learning.model.ProjectionHead;
import dev.tutelage.learning.model.ResNet;

/**
 * The size of a projection head.
 *
 * @param depth dense layers, 1..8; the paper's is 3
 * @param outputWidth of the projections, 1..65536; the paper's is 128
 */
public record HeadRecipe(int depth, int outputWidth) {

    /** @throws InvalidRecipeException naming the field that is out of its range */
    public HeadRecipe {
        Require.that(depth >= 1 && depth <= 8, "head.depth", "1..8", depth);
        Require.that(outputWidth >= 1 && outputWidth <= 65_536, "head.outputWidth", "1..65536", outputWidth);
    }

    /** The head on this encoder. */
    public ProjectionHead on(ResNet encoder) {
        return new ProjectionHead(encoder.outputWidth(), depth, outputWidth);
    }
}
