package dev.tutelage.gateway.predict.nearest;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Images of a shard as an encoder sees them. It does not change. */
final class EmbeddedShard {
    private final Portion portion;
    private final List<Member> members;
    private final float[] directions;
    private final int width;
    private final Optional<String> problem;
    private final long nanos;

    /**
     * An image of it.
     *
     * @param image digest of its bytes
     */
    record Member(String image, Optional<String> label) {}

    /**
     * An image of it, compared with another one.
     *
     * @param shard digest of the shard
     * @param similarity cosine of the angle between their features
     */
    record Compared(String shard, Member member, double similarity) {}

    private EmbeddedShard(
            Portion portion, List<Member> members, float[] directions, int width, Optional<String> problem) {
        this.portion = portion;
        this.members = List.copyOf(members);
        this.directions = directions;
        this.width = width;
        this.problem = problem;
        this.nanos = System.nanoTime();
    }

    /**
     * Images with their features.
     *
     * @param features [members, width] in row-major order, which belong to this from here on
     */
    static EmbeddedShard of(Portion portion, List<Member> members, float[] features, int width) {
        for (int i = 0; i < members.size(); i++) {
            normalize(features, i * width, width);
        }
        return new EmbeddedShard(portion, members, features, width, Optional.empty());
    }

    /** One that cannot be read. */
    static EmbeddedShard failed(Portion portion, String problem) {
        return new EmbeddedShard(portion, List.of(), new float[0], 0, Optional.of(problem));
    }

    Portion portion() {
        return portion;
    }

    int size() {
        return members.size();
    }

    Optional<String> problem() {
        return problem;
    }

    /** When it was made, as {@link System#nanoTime()} says. */
    long nanos() {
        return nanos;
    }

    /**
     * All images, compared with one.
     *
     * @param direction its features, of length 1
     */
    Stream<Compared> to(float[] direction) {
        return IntStream.range(0, members.size())
                .mapToObj(i -> new Compared(portion.digest(), members.get(i), dot(direction, i)));
    }

    private double dot(float[] direction, int member) {
        double sum = 0;
        for (int k = 0; k < width; k++) {
            sum += (double) direction[k] * directions[member * width + k];
        }
        return sum;
    }

    /** Brings features to length 1; those that are all zero have no direction, and stay so. */
    static void normalize(float[] features, int from, int width) {
        double squares = 0;
        for (int k = from; k < from + width; k++) {
            squares += (double) features[k] * features[k];
        }
        if (squares > 0) {
            double scale = 1 / Math.sqrt(squares);
            for (int k = from; k < from + width; k++) {
                features[k] = (float) (features[k] * scale);
            }
        }
    }
}
