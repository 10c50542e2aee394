package dev.tutelage.learning.recipe;

import dev.tutelage.learning.model.ResNet;
import java.util.List;

/**
 * The size of an encoder; the images decide its channels.
 *
 * @param width channels of the first stage, see {@link ResNet#width}
 * @param blocks basic blocks in each stage, see {@link ResNet#blocks}
 * @param stemStride 1 or 2, see {@link ResNet#stemStride}
 */
public record EncoderRecipe(int width, List<Integer> blocks, int stemStride) {

    /** @throws InvalidRecipeException naming the field that is out of its range */
    public EncoderRecipe {
        Require.present(blocks, "encoder.blocks");
        blocks = List.copyOf(blocks);
        try {
            new ResNet(1, width, blocks, stemStride);
        } catch (IllegalArgumentException e) {
            throw new InvalidRecipeException(e.getMessage(), e);
        }
    }

    /** The encoder for images of this many channels. */
    public ResNet resNet(int channels) {
        return new ResNet(channels, width, blocks, stemStride);
    }
}
