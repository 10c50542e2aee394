package dev.tutelage.learning.random;

import java.util.SplittableRandom;

/**
 * A stateless source of random numbers. Every random choice of a run is drawn from a seed derived from the recipe's
 * seed and the choice's own coordinates (its purpose, epoch, image, view), so no generator has to be saved with a
 * snapshot and any single choice can be made again on its own.
 *
 * <p>Deriving mixes the coordinate into the value with the finaliser of SplitMix64; text is first hashed with 64-bit
 * FNV-1a over its UTF-16 units. Both are fixed here, so the same seed means the same run on every machine and JDK.
 *
 * @param value any 64 bits
 */
public record Seed(long value) {

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final long FNV_OFFSET = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;

    /** The seed for the choice with this name, for example {@code "augment"} or an image's digest. */
    public Seed of(String name) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * FNV_PRIME;
        }
        return of(hash);
    }

    /** The seed for the choice with this number, for example an epoch or a view. */
    public Seed of(long number) {
        return new Seed(mix(value + GOLDEN_GAMMA + mix(number + GOLDEN_GAMMA)));
    }

    /** A fresh generator; two calls return generators that yield the same numbers. */
    public SplittableRandom random() {
        return new SplittableRandom(value);
    }

    /** A random order of {@code 0..size-1} (Fisher and Yates). */
    public int[] permutation(int size) {
        int[] order = new int[size];
        SplittableRandom random = random();
        for (int i = 0; i < size; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    /** Standard normal numbers (Box and Muller), written out because the JDK does not fix its own method. */
    public float[] normals(int count) {
        float[] normals = new float[count];
        SplittableRandom random = random();
        for (int i = 0; i < count; i += 2) {
            double radius = Math.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
            double angle = 2 * Math.PI * random.nextDouble();
            normals[i] = (float) (radius * StrictMath.cos(angle));
            if (i + 1 < count) {
                normals[i + 1] = (float) (radius * StrictMath.sin(angle));
            }
        }
        return normals;
    }

    private static long mix(long z) {
        long mixed = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
