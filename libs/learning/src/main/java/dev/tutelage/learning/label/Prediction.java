package dev.tutelage.learning.label;

/**
 * What a teacher thinks an image is.
 *
 * @param likeliest the class, the first of equally likely ones
 * @param confidence its probability, 1 / classes to 1
 */
record Prediction(int likeliest, double confidence) {

    static Prediction of(double[] probabilities) {
        int likeliest = 0;
        for (int c = 0; c < probabilities.length; c++) {
            likeliest = probabilities[c] > probabilities[likeliest] ? c : likeliest;
        }
        return new Prediction(likeliest, probabilities[likeliest]);
    }
}
