package dev.tutelage.gateway.predict.nearest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PortionTest {

    private record Settings(int images, int shards, int spread) implements NearestSettings {
        @Override
        public int students() {
            return 1;
        }

        @Override
        public Duration retry() {
            return Duration.ofSeconds(30);
        }
    }

    private static ShardAdded shard(String name, int images, Split split) {
        return ShardAdded.newBuilder()
                .setShard(Artifact.newBuilder().setDigest(name))
                .setImages(images)
                .setSplit(split)
                .build();
    }

    private static Stream<ShardAdded> shards(int number, int images) {
        return IntStream.range(0, number).mapToObj(i -> shard("shard-" + i, images, Split.SPLIT_TRAIN));
    }

    @Test
    void largeShardsGiveALikeShareAndNoMoreThanAreWanted() {
        List<Portion> portions = Portion.of(shards(20, 1000), new Settings(2000, 100, 8));
        assertThat(portions).hasSize(8).allMatch(portion -> portion.images() == 250);
        assertThat(portions).extracting(Portion::digest).startsWith("shard-0", "shard-1");
        assertThat(Portion.of(shards(20, 1000), new Settings(10, 100, 8)))
                .hasSize(10)
                .allMatch(portion -> portion.images() == 1);
    }

    @Test
    void smallShardsAreTakenWholeAsFarAsTheirNumberIsBounded() {
        assertThat(Portion.of(shards(20, 7), new Settings(100, 100, 2)))
                .hasSize(15)
                .extracting(Portion::images)
                .endsWith(7, 2);
        assertThat(Portion.of(shards(20, 7), new Settings(100, 3, 2))).hasSize(3);
    }

    @Test
    void whatIsHeldOutAndWhatIsEmptyIsNotComparedWith() {
        Stream<ShardAdded> shards = Stream.of(
                shard("held-out", 9, Split.SPLIT_HELD_OUT),
                shard("empty", 0, Split.SPLIT_TRAIN),
                shard("train", 9, Split.SPLIT_TRAIN));
        assertThat(Portion.of(shards, new Settings(100, 1, 1)))
                .extracting(Portion::digest)
                .containsExactly("train");
    }
}
