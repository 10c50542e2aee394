package dev.tutelage.learning.format;

import java.util.Locale;

/** How a checkpoint came to be. */
public enum Stage {
    /** Contrastive pretraining, without labels. */
    PRETRAINED,
    /** Fine-tuned from a pretrained checkpoint on the labels there are. */
    FINE_TUNED,
    /** Trained on the labels alone, from scratch: the baseline. */
    SUPERVISED,
    /** Distilled from a teacher's soft labels. */
    DISTILLED,
    /** An encoder from elsewhere with a fresh projection head. */
    IMPORTED;

    /** As manifests write it, for example {@code fine-tuned}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException if there is no such stage */
    static Stage of(String text) {
        for (Stage stage : values()) {
            if (stage.text().equals(text)) {
                return stage;
            }
        }
        throw new IllegalArgumentException("there is no stage \"" + text + "\"");
    }
}
