package dev.tutelage.learning.augment;

/** How a stretched view's pixels come from the image's. */
public enum Interpolation {
    /** From the 2 nearest pixels in each direction. */
    BILINEAR(1) {
        @Override
        double weight(double distance) {
            return Math.max(0, 1 - distance);
        }
    },
    /** From the 4 nearest pixels in each direction: Keys' cubic with a = -0.5, as PIL and TensorFlow have it. */
    BICUBIC(2) {
        @Override
        double weight(double distance) {
            if (distance < 1) {
                return (1.5 * distance - 2.5) * distance * distance + 1;
            }
            return distance < 2 ? ((-0.5 * distance + 2.5) * distance - 4) * distance + 2 : 0;
        }
    };

    private final int reach;

    Interpolation(int reach) {
        this.reach = reach;
    }

    /** The weight of a pixel at this distance, 0 or more, in pixels. */
    abstract double weight(double distance);

    /** The distance from which on every weight is 0. */
    int reach() {
        return reach;
    }
}
