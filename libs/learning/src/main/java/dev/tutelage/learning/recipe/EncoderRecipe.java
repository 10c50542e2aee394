package dev.tutelage.learning.recipe;

import dev.tutelage.learning.model.Block;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Stem;
import java.util.List;

/**
 * An encoder; the images decide its channels.
 *
 * @param width channels of the first stage, see {@link ResNet#width}; 64 is the paper's width 1x
 * @param blocks blocks in each stage, see {@link ResNet#blocks}
 * @param block what each is made of, see {@link ResNet#block}
 * @param stem what comes first, see {@link ResNet#stem}
 * @param selectiveKernels see {@link ResNet#selectiveKernels}
 */
public record EncoderRecipe(int width, List<Integer> blocks, Block block, Stem stem, boolean selectiveKernels) {

    /** @throws InvalidRecipeException naming the field that is out of its range */
    public EncoderRecipe {
        Require.present(blocks, "encoder.blocks");
        blocks = List.copyOf(blocks);
        try {
            new ResNet(1, width, blocks, block, stem, selectiveKernels);
        } catch (IllegalArgumentException e) {
            throw new InvalidRecipeException(e.getMessage(), e);
        }
    }

    /**
     * The recipe of a network.
     *
     * @param encoder whose channels are left to the images
     */
    static EncoderRecipe of(ResNet encoder) {
        return new EncoderRecipe(
                encoder.width(), encoder.blocks(), encoder.block(), encoder.stem(), encoder.selectiveKernels());
    }

    /** The encoder for images of this many channels. */
    public ResNet resNet(int channels) {
        return new ResNet(channels, width, blocks, block, stem, selectiveKernels);
    }
}
