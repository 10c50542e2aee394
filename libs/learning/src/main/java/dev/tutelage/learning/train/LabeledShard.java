package dev.tutelage.learning.train;

import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.label.SoftLabels;

/**
 * Images with a teacher's soft labels, which find each other by the images' digests. Images without soft labels, such as
 * those that were left out because they are elsewhere too, are not learned from.
 *
 * @param images whose hard labels, if there are any, are not looked at
 * @param labels of some or all of these images, in any order
 */
public record LabeledShard(ImageSet images, SoftLabels labels) {

    /** @throws IllegalArgumentException if an image is labeled that is not there */
    public LabeledShard {
        labels.firstBeyond(images).ifPresent(stranger -> {
            throw new IllegalArgumentException(
                    "the soft labels of shard "
                            + labels.origin().shard()
                            + " are of an image " + stranger + " that is not among the " + images.size()
                            + " images that could be read of it: one of the two was damaged or replaced. Label the shard again");
        });
    }
}
