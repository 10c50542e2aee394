package dev.tutelage.gateway.queue;

import java.util.List;
import java.util.OptionalDouble;

/**
 * An image that a person could label, and how unsure the teachers are of it.
 *
 * @param image SHA-256 of its bytes, in hexadecimal
 * @param shard digest of the shard that holds it
 * @param teacher digest of the newest teacher that has labeled the shard
 * @param guesses what that teacher thinks likely, the likeliest first
 * @param margin what the likeliest class has ahead of the second, 0 to 1
 * @param entropy in nats
 * @param disagreement Jensen-Shannon divergence in nats from the teacher before, if that one has labeled the image
 * @param centrality how well it stands for a cluster, as {@link Clusters} says, if it was among those that were clustered
 */
record Candidate(
        String image,
        String shard,
        String teacher,
        List<Guess> guesses,
        double margin,
        double entropy,
        OptionalDouble disagreement,
        OptionalDouble centrality) {

    /**
     * A class and how likely it is.
     *
     * @param number of the class, from 0
     */
    record Guess(int number, double probability) {}

    Candidate {
        guesses = List.copyOf(guesses);
    }

    Candidate withCentrality(double value) {
        return new Candidate(image, shard, teacher, guesses, margin, entropy, disagreement, OptionalDouble.of(value));
    }
}
