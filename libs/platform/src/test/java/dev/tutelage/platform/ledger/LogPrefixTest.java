package dev.tutelage.platform.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.platform.fixture.Birds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogPrefixTest {
    private static final List<ShardAdded> LOG =
            List.of(Birds.shard("a", 10), Birds.shard("b", 5), Birds.shard("c", 20));

    @Test
    void thereIsNoDatasetWhileThereAreTooFewImages() {
        assertThat(LogPrefix.holding(36, LOG)).isEmpty();
        assertThat(LogPrefix.holding(1, List.of())).isEmpty();
        assertThat(LogPrefix.holding(0, List.of())).isEmpty();
    }

    @Test
    void theShortestPrefixIsTaken() {
        assertThat(LogPrefix.holding(10, LOG)).contains(LOG.subList(0, 1));
        assertThat(LogPrefix.holding(11, LOG)).contains(LOG.subList(0, 2));
        assertThat(LogPrefix.holding(15, LOG)).contains(LOG.subList(0, 2));
        assertThat(LogPrefix.holding(35, LOG)).contains(LOG);
    }

    @Test
    void moreImagesThanAnIntCountsAreCounted() {
        List<ShardAdded> log = List.of(Birds.shard("a", Integer.MAX_VALUE - 1), Birds.shard("b", Integer.MAX_VALUE));
        assertThat(LogPrefix.holding(Integer.MAX_VALUE, log)).contains(log);
    }

    /** What one trigger decided on, every trigger that looks later decides on too. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aPrefixOnceFoundStaysWhileTheLogGrows(long seed) {
        Random random = new Random(seed);
        int minImages = 1 + random.nextInt(300);
        List<ShardAdded> log = new ArrayList<>();
        Optional<List<ShardAdded>> found = Optional.empty();
        for (int i = 0; i < 100; i++) {
            log.add(Birds.shard("shard" + i, random.nextInt(20)));
            Optional<List<ShardAdded>> now = LogPrefix.holding(minImages, log);
            if (found.isPresent()) {
                assertThat(now).isEqualTo(found);
            }
            found = now;
        }
        List<ShardAdded> prefix = found.orElseThrow();
        assertThat(log).startsWith(prefix.toArray(ShardAdded[]::new));
        assertThat(images(prefix)).isGreaterThanOrEqualTo(minImages);
        assertThat(images(prefix.subList(0, prefix.size() - 1))).isLessThan(minImages);
    }

    private static int images(List<ShardAdded> shards) {
        return shards.stream()
                .flatMapToInt(shard -> IntStream.of(shard.getImages()))
                .sum();
    }
}
