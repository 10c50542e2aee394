package dev.tutelage.gateway.upload;

import dev.tutelage.event.v1.Split;
import java.util.Optional;

/**
 * What the sender of images says about them.
 *
 * @param label a class of the task that all of them show, if given
 * @param labeled whether labels are wanted: the one that is given, or those of the archive
 */
record Terms(Split split, Optional<String> label, boolean labeled) {

    /** @throws InvalidTermsException if it is no split */
    static Split split(String text) throws InvalidTermsException {
        return switch (text) {
            case "train" -> Split.SPLIT_TRAIN;
            case "held_out" -> Split.SPLIT_HELD_OUT;
            default ->
                throw new InvalidTermsException(
                        "split is \"" + ImageName.shown(text)
                                + "\": it is train, for images to learn from, or held_out, for images to evaluate checkpoints on");
        };
    }

    Terms withLabel(String newer) {
        return new Terms(split, Optional.of(newer), true);
    }

    Terms withSplit(Split newer) {
        return new Terms(newer, label, labeled);
    }

    /** @throws InvalidTermsException if images without labels are meant for evaluation */
    void requireUseful() throws InvalidTermsException {
        if (split == Split.SPLIT_HELD_OUT && !labeled) {
            throw new InvalidTermsException("split is held_out, but the images have no labels, which evaluation needs:"
                    + " give a label, or send an archive with labeled=true");
        }
    }
}
