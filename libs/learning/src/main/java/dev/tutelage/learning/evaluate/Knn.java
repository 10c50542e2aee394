package dev.tutelage.learning.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.Arrays;

/**
 * A weighted nearest-neighbour classifier on features (Wu et al., arXiv 1805.01978): the k most similar images vote for
 * their class with weight exp(cosine similarity / temperature).
 *
 * @param k neighbours, 1 or more; usually 200, and never more than there are
 * @param temperature more than 0; usually 0.1
 */
public record Knn(int k, double temperature) {

    private static final int QUERIES_AT_ONCE = 250;

    /** @throws IllegalArgumentException naming the field that is out of its range */
    public Knn {
        if (k < 1 || !(temperature > 0)) {
            throw new IllegalArgumentException(
                    "kNN: k must be 1 or more and temperature more than 0, not " + k + " and " + temperature);
        }
    }

    /**
     * The classes of the queries.
     *
     * @param bank features [M, D] of images whose classes are known
     * @param classesOfBank M class numbers, each 0..classes-1
     * @param queries features [Q, D]
     * @param classes how many there are
     * @return Q class numbers
     */
    public int[] classify(NDArray bank, int[] classesOfBank, NDArray queries, int classes) {
        int[] predicted = new int[(int) queries.getShape().get(0)];
        try (NDManager scope = bank.getManager().newSubManager()) {
            NDArray directions = bank.normalize(2, 1, 1e-12).transpose();
            directions.attach(scope);
            for (int from = 0; from < predicted.length; from += QUERIES_AT_ONCE) {
                int to = Math.min(predicted.length, from + QUERIES_AT_ONCE);
                try (NDManager pass = scope.newSubManager()) {
                    NDArray part = queries.get(new NDIndex(from + ":" + to));
                    part.attach(pass);
                    vote(part, directions, classesOfBank, classes, predicted, from);
                }
            }
        }
        return predicted;
    }

    private void vote(
            NDArray queries, NDArray directions, int[] classesOfBank, int classes, int[] predicted, int from) {
        int neighbours = (int) Math.min(k, directions.getShape().get(1));
        NDList nearest = queries.normalize(2, 1, 1e-12).matMul(directions).topK(neighbours, 1, true, true);
        float[] similarities = nearest.get(0).toFloatArray();
        long[] indices = nearest.get(1).toLongArray();
        for (int query = 0; query < queries.getShape().get(0); query++) {
            double[] votes = new double[classes];
            for (int i = query * neighbours; i < (query + 1) * neighbours; i++) {
                votes[classesOfBank[(int) indices[i]]] += Math.exp(similarities[i] / temperature);
            }
            double most = Arrays.stream(votes).max().orElseThrow();
            predicted[from + query] = indexOf(votes, most);
        }
    }

    private static int indexOf(double[] votes, double most) {
        int index = 0;
        while (votes[index] != most) {
            index++;
        }
        return index;
    }

    /** How often, in percent, the neighbours' class is the query's. */
    public double percent(NDArray bank, int[] classesOfBank, NDArray queries, int[] classesOfQueries, int classes) {
        int[] predicted = classify(bank, classesOfBank, queries, classes);
        int right = 0;
        for (int i = 0; i < predicted.length; i++) {
            right += predicted[i] == classesOfQueries[i] ? 1 : 0;
        }
        return 100.0 * right / predicted.length;
    }
}
