package dev.tutelage.gateway.predict;

import java.util.List;

/**
 * What an image shows.
 *
 * @param checkpoint digest of the checkpoint that says so
 * @param classes the likeliest first
 * @param millis that it took, from the whole image on
 */
public record Prediction(String task, String checkpoint, List<LikelyClass> classes, double millis) {

    /**
     * One of the classes that it may be of.
     *
     * @param probability 0 to 1
     */
    public record LikelyClass(String name, double probability) {}
}
