package dev.tutelage.learning.train;

import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.label.SoftLabels;

/**
 * A shard of images with a teacher's soft labels for them.
 *
 * @param images whose own labels, if there are any, are not looked at
 * @param labels of exactly these images, in the same order
 */
public record LabeledShard(ImageSet images, SoftLabels labels) {

    /** @throws IllegalArgumentException if the labels are of other images */
    public LabeledShard {
        if (!labels.belongTo(images)) {
            throw new IllegalArgumentException("the soft labels of shard "
                    + labels.origin().shard() + " are not of these images: their digests differ");
        }
    }
}
