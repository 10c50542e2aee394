package dev.tutelage.learning.recipe;

/** Checks that all recipes share; messages name the field and the allowed range. */
final class Require {

    private Require() {}

    static void that(boolean holds, String field, String range, Object actual) {
        if (!holds) {
            throw new InvalidRecipeException(field + " must be " + range + ", not " + actual);
        }
    }

    static void present(Object value, String field) {
        if (value == null) {
            throw new InvalidRecipeException(field + " is missing");
        }
    }

    static void labelFraction(double fraction) {
        that(fraction > 0 && fraction <= 1, "labelFraction", "more than 0 and at most 1", fraction);
    }

    /** Lengths of runs: at least one epoch, and batch normalisation needs two images to have a variance. */
    static void run(int epochs, int batchSize) {
        that(epochs >= 1 && epochs <= 100_000, "epochs", "1..100000", epochs);
        that(batchSize >= 2 && batchSize <= 65_536, "batchSize", "2..65536", batchSize);
    }
}
