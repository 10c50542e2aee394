package dev.tutelage.platform.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.v1.ShardAdded;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogPrefixTest {

    @Test
    void isTheShortestThatHoldsEnough() {
        List<ShardAdded> log = List.of(shard(5), shard(5), shard(5));

        assertThat(LogPrefix.holding(10, log)).contains(log.subList(0, 2));
        assertThat(LogPrefix.holding(11, log)).contains(log);
        assertThat(LogPrefix.holding(16, log)).isEmpty();
    }

    @Test
    void whatComesLaterChangesNothing() {
        Random random = new Random(7);
        for (int trial = 0; trial < 200; trial++) {
            List<ShardAdded> log = new ArrayList<>();
            int wanted = 1 + random.nextInt(50);
            Optional<List<ShardAdded>> decided = Optional.empty();
            for (int arrived = 0; arrived < 30; arrived++) {
                log.add(shard(random.nextInt(10)));
                Optional<List<ShardAdded>> now = LogPrefix.holding(wanted, log);
                if (decided.isPresent()) {
                    assertThat(now).isEqualTo(decided);
                }
                decided = now;
            }
        }
    }

    private static ShardAdded shard(int images) {
        return ShardAdded.newBuilder().setImages(images).build();
    }
}
