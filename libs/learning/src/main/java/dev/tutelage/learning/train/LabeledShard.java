package dev.tutelage.learning.train;

import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.label.SoftLabels;

/**
 * Images with a teacher's soft labels.
 *
 * @param images whose hard labels, if there are any, are not looked at
 * @param labels of exactly these images, in their order
 */
public record LabeledShard(ImageSet images, SoftLabels labels) {

    /** @throws IllegalArgumentException if the labels are other images' */
    public LabeledShard {
        if (!labels.belongTo(images)) {
            throw new IllegalArgumentException("the soft labels of shard "
                    + labels.origin().shard()
                    + " are not of the " + images.size() + " images that could be read of it: one of the two was"
                    + " damaged or replaced. Label the shard again");
        }
    }
}
