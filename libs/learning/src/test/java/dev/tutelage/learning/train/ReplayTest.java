package dev.tutelage.learning.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tutelage.learning.random.Seed;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** 5 new images, numbered first, and 20 old ones of which an epoch sees 8. */
class ReplayTest {
    private static final int FRESH = 5;
    private static final int OLD = 20;
    private static final int REPLAYED = 8;

    @Test
    void anEpochSeesAllNewImagesAndSomeOldOnesOnce() {
        Replay replay = replay(1);
        assertThat(replay.size()).isEqualTo(13);
        for (int epoch = 0; epoch < 10; epoch++) {
            int[] seen = epoch(replay, epoch);
            assertThat(seen).doesNotHaveDuplicates().hasSize(13).contains(0, 1, 2, 3, 4);
            assertThat(Arrays.stream(seen).skip(FRESH)).allMatch(image -> image >= FRESH && image < FRESH + OLD);
        }
    }

    @Test
    void epochsDrawAnewUntilEveryOldImageHasBeenSeen() {
        Replay replay = replay(1);
        Set<Integer> seen = new HashSet<>();
        for (int epoch = 0; epoch < 20; epoch++) {
            Arrays.stream(epoch(replay, epoch)).forEach(seen::add);
        }
        assertThat(seen).hasSize(FRESH + OLD);
        assertThat(epoch(replay, 0)).isNotEqualTo(epoch(replay, 1));
    }

    /** A resumed run asks for later epochs first, and gets what it would have got. */
    @Test
    void aDrawFollowsFromSeedAndEpochAlone() {
        Replay straight = replay(1);
        epoch(straight, 0);
        epoch(straight, 1);
        assertThat(epoch(straight, 2)).isEqualTo(epoch(replay(1), 2)).isNotEqualTo(epoch(replay(2), 2));
    }

    @Test
    void batchesAreTranslatedNumberByNumber() {
        int[] whole = epoch(replay(1), 3);
        assertThat(replay(1).images(new int[] {12, 0, 7}, 3)).containsExactly(whole[12], 0, whole[7]);
    }

    @Test
    void thereCannotBeMoreThanThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Replay(FRESH, OLD, OLD + 1, new Seed(1)))
                .withMessage("an epoch cannot draw 21 of 20 images");
    }

    private static Replay replay(long seed) {
        return new Replay(FRESH, OLD, REPLAYED, new Seed(seed));
    }

    private static int[] epoch(Replay replay, int epoch) {
        return replay.images(IntStream.range(0, replay.size()).toArray(), epoch);
    }
}
