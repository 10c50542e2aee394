package dev.tutelage.control.softlabel;

import java.util.List;

/**
 * What a teacher thinks an image is.
 *
 * @param image SHA-256, in hex, of its encoded bytes
 * @param probabilities of each class at temperature 1, the mean over the image's views
 */
public record SoftLabel(String image, List<Double> probabilities) {
    public SoftLabel {
        probabilities = List.copyOf(probabilities);
    }

    /** The likeliest class, the first of equally likely ones. */
    public int likeliest() {
        int likeliest = 0;
        for (int c = 1; c < probabilities.size(); c++) {
            likeliest = probabilities.get(c) > probabilities.get(likeliest) ? c : likeliest;
        }
        return likeliest;
    }

    /** The likeliest class's probability. */
    public double confidence() {
        return probabilities.get(likeliest());
    }
}
