package dev.tutelage.learning.optimizer;

/** How the learning rate grows with the batch size. */
public enum Scaling {
    /** Not at all. */
    NONE {
        @Override
        public double rate(double base, int batchSize) {
            return base;
        }
    },
    /** {@code base B / 256}. */
    LINEAR {
        @Override
        public double rate(double base, int batchSize) {
            return base * batchSize / 256;
        }
    },
    /** {@code base sqrt(B)}. */
    SQRT {
        @Override
        public double rate(double base, int batchSize) {
            return base * Math.sqrt(batchSize);
        }
    };

    /** The learning rate for a batch of this many images. */
    public abstract double rate(double base, int batchSize);
}
