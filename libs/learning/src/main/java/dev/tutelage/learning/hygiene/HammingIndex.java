package dev.tutelage.learning.hygiene;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * Finds hashes of 64 bits that differ from a given one in few bits, among the newest of those that were added. A hash is cut
 * into one band more than bits may differ, so one band at least must be equal (multi-index hashing: Norouzi, Punjani and
 * Fleet, Fast Search in Hamming Space, CVPR 2012). The hashes with an equal band form a chain from the newest to the oldest,
 * and the arrays are rings: what is overwritten is older than all that is left of its chains, so nothing need be taken out.
 *
 * <p>Memory: 8 + 4 x bands bytes a hash, growing up to the capacity, and up to 512 KiB a band, less for
 * small capacities. Not thread-safe.
 */
final class HammingIndex {
    private static final int MOST_BUCKET_BITS = 16;
    private static final int FIRST_SIZE = 1024;

    private final int radius;
    private final int capacity;
    private final int mostCandidates;
    private final int[] shifts;
    private final long[] masks;
    /** By band and bits: the newest position plus 1, or 0. */
    private final long[][] newest;
    /** By band and slot: how many positions the next older one of the chain lies back, or 0. */
    private final int[][] back;

    private long[] hashes;
    private long size;

    /**
     * A found hash.
     *
     * @param position how many hashes had been added before it
     * @param distance in how many bits it differs
     */
    record Neighbour(long position, int distance) {}

    /**
     * An empty index.
     *
     * @param radius bits in which a neighbour may differ, 0..63
     * @param capacity hashes that are kept, 1 or more
     * @param mostCandidates hashes of a chain that are looked at, the newest first: a bound to the time of a search where
     *     very many images look alike
     */
    HammingIndex(int radius, int capacity, int mostCandidates) {
        this.radius = radius;
        this.capacity = capacity;
        this.mostCandidates = mostCandidates;
        int bands = radius + 1;
        int mostBits = Math.min(MOST_BUCKET_BITS, Integer.SIZE - Integer.numberOfLeadingZeros(capacity));
        this.shifts = new int[bands];
        this.masks = new long[bands];
        this.newest = new long[bands][];
        this.hashes = new long[Math.min(capacity, FIRST_SIZE)];
        this.back = new int[bands][hashes.length];
        for (int band = 0; band < bands; band++) {
            int from = Long.SIZE * band / bands;
            int bits = Math.min(mostBits, Long.SIZE * (band + 1) / bands - from);
            shifts[band] = from;
            masks[band] = (1L << bits) - 1;
            newest[band] = new long[1 << bits];
        }
    }

    /** How many hashes were ever added. */
    long size() {
        return size;
    }

    /** Adds a hash; its position is the {@link #size()} before. */
    void add(long hash) {
        grow();
        int slot = slot(size);
        hashes[slot] = hash;
        for (int band = 0; band < newest.length; band++) {
            int bits = bits(hash, band);
            long older = newest[band][bits];
            long distance = size + 1 - older;
            back[band][slot] = older == 0 || distance >= capacity ? 0 : (int) distance;
            newest[band][bits] = size + 1;
        }
        size++;
    }

    /** The nearest of the accepted hashes within the radius; of equally near ones the oldest. */
    Optional<Neighbour> nearest(long hash, LongPredicate accepted) {
        Optional<Neighbour> nearest = Optional.empty();
        for (int band = 0; band < newest.length; band++) {
            nearest = nearest(hash, band, accepted, nearest);
        }
        return nearest;
    }

    private Optional<Neighbour> nearest(long hash, int band, LongPredicate accepted, Optional<Neighbour> soFar) {
        long oldest = Math.max(0, size - capacity);
        Optional<Neighbour> nearest = soFar;
        long position = newest[band][bits(hash, band)] - 1;
        for (int looked = 0; position >= oldest && looked < mostCandidates; looked++) {
            Neighbour candidate = new Neighbour(position, PerceptualHash.distance(hash, hashes[slot(position)]));
            if (candidate.distance() <= radius && isNearer(candidate, nearest) && accepted.test(position)) {
                nearest = Optional.of(candidate);
            }
            int step = back[band][slot(position)];
            position = step == 0 ? -1 : position - step;
        }
        return nearest;
    }

    private static boolean isNearer(Neighbour candidate, Optional<Neighbour> other) {
        return other.isEmpty()
                || candidate.distance() < other.get().distance()
                || (candidate.distance() == other.get().distance()
                        && candidate.position() < other.get().position());
    }

    /** The hash at a position that is still kept. */
    long hash(long position) {
        return hashes[slot(position)];
    }

    private int slot(long position) {
        return (int) (position % capacity);
    }

    private int bits(long hash, int band) {
        return (int) (hash >>> shifts[band] & masks[band]);
    }

    private void grow() {
        if (size < hashes.length || hashes.length == capacity) {
            return;
        }
        int length = (int) Math.min(capacity, 2L * hashes.length);
        hashes = Arrays.copyOf(hashes, length);
        for (int band = 0; band < back.length; band++) {
            back[band] = Arrays.copyOf(back[band], length);
        }
    }
}
