package dev.tutelage.learning.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HammingIndexTest {

    /** Hashes in clusters, so that there are neighbours at every distance. */
    @Test
    void itFindsWhatALookAtAllOfTheNewestFinds() {
        Random random = new Random(7);
        for (int radius : new int[] {0, 1, 3, 7, 15}) {
            for (int capacity : new int[] {1, 10, 1500, 5000}) {
                long[] hashes = clusters(random, 3000);
                HammingIndex index = new HammingIndex(radius, capacity, Integer.MAX_VALUE);
                for (int size = 0; size < hashes.length; size++) {
                    if (size % 50 == 0) {
                        long wanted = flipped(random, hashes[random.nextInt(hashes.length)], radius + 1);
                        LongPredicate odd = position -> position % 2 == 1;
                        assertThat(index.nearest(wanted, odd))
                                .as("radius %s, capacity %s, size %s", radius, capacity, size)
                                .isEqualTo(nearest(hashes, size, capacity, radius, wanted, odd));
                    }
                    index.add(hashes[size]);
                }
            }
        }
    }

    @Test
    void aSearchAmongMoreThanItMayLookAtFindsTheNewest() {
        HammingIndex index = new HammingIndex(2, 100_000, 10);
        for (int i = 0; i < 50_000; i++) {
            index.add(42);
        }
        assertThat(index.nearest(42, position -> true)).contains(new HammingIndex.Neighbour(49_990, 0));
        assertThat(index.nearest(42, position -> position < 49_990)).isEmpty();
    }

    private static long[] clusters(Random random, int count) {
        long[] centres = random.longs(20).toArray();
        return LongStream.range(0, count)
                .map(i -> flipped(random, centres[random.nextInt(centres.length)], 12))
                .toArray();
    }

    private static long flipped(Random random, long hash, int most) {
        long result = hash;
        for (int flips = random.nextInt(most + 1); flips > 0; flips--) {
            result ^= 1L << random.nextInt(64);
        }
        return result;
    }

    private static Optional<HammingIndex.Neighbour> nearest(
            long[] hashes, int size, int capacity, int radius, long wanted, LongPredicate accepted) {
        return LongStream.range(Math.max(0, size - capacity), size)
                .filter(accepted)
                .mapToObj(i -> new HammingIndex.Neighbour(i, Long.bitCount(hashes[(int) i] ^ wanted)))
                .filter(neighbour -> neighbour.distance() <= radius)
                .min(Comparator.comparingInt(HammingIndex.Neighbour::distance)
                        .thenComparingLong(HammingIndex.Neighbour::position));
    }
}
