package dev.tutelage.learning.model;

import dev.tutelage.learning.random.Seed;
import java.util.Arrays;

/** The values a weight tensor starts with. */
public sealed interface Initialization {

    /** The values of {@code count} elements; the same seed gives the same values. */
    float[] values(int count, Seed seed);

    /** Every element the same. */
    record Constant(float value) implements Initialization {
        @Override
        public float[] values(int count, Seed seed) {
            float[] values = new float[count];
            Arrays.fill(values, value);
            return values;
        }
    }

    /** Normal with mean 0. */
    record Normal(double deviation) implements Initialization {
        @Override
        public float[] values(int count, Seed seed) {
            float[] values = seed.normals(count);
            for (int i = 0; i < count; i++) {
                values[i] = (float) (values[i] * deviation);
            }
            return values;
        }
    }
}
