package dev.tutelage.learning.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A set of images in order, in parts small enough for the memory that one pass needs. */
public final class Batches {

    private static final int SIZE = 250;

    private Batches() {}

    /** The numbers 0..images-1 in order, in parts. */
    public static List<int[]> of(int images) {
        List<int[]> batches = new ArrayList<>();
        for (int from = 0; from < images; from += SIZE) {
            batches.add(IntStream.range(from, Math.min(images, from + SIZE)).toArray());
        }
        return batches;
    }
}
