package dev.tutelage.gateway.predict.nearest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.gateway.predict.nearest.EmbeddedShard.Compared;
import dev.tutelage.gateway.predict.nearest.EmbeddedShard.Member;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NeighbourhoodTest {
    private static final float[] EAST = {3f, 0f};
    private static final float[] NORTH = {0f, 0.5f};
    private static final float[] NOTHING = {0f, 0f};

    private final Neighbourhood around = new Neighbourhood(Long.MAX_VALUE);

    private static Portion portion(String shard, int images) {
        return new Portion(
                ShardAdded.newBuilder()
                        .setShard(Artifact.newBuilder().setDigest(shard))
                        .build(),
                images);
    }

    private static EmbeddedShard embedded(Portion portion, List<String> images, float... features) {
        return EmbeddedShard.of(
                portion,
                images.stream().map(each -> new Member(each, Optional.empty())).toList(),
                features,
                2);
    }

    @Test
    void imagesComeInTheOrderOfTheAngleWhateverTheirLength() {
        Portion portion = portion("a", 4);
        assertThat(around.want(List.of(portion))).isTrue();
        around.add(embedded(portion, List.of("north", "east", "west", "far"), 0f, 9f, 1f, 0f, -2f, 0f, 100f, 100f));
        Neighbourhood.Found found = around.nearest(EAST.clone(), 3);
        assertThat(found.nearest()).extracting(each -> each.member().image()).containsExactly("east", "far", "north");
        assertThat(found.nearest().get(1).similarity()).isCloseTo(Math.sqrt(0.5), within(1e-6));
        assertThat(around.nearest(NORTH.clone(), 1).nearest())
                .extracting(Compared::similarity)
                .containsExactly(1.0);
        assertThat(around.nearest(NOTHING.clone(), 1).nearest())
                .as("what has no direction is like nothing")
                .extracting(Compared::similarity)
                .containsExactly(0.0);
    }

    @Test
    void onlyOneFillsItAndItTellsWhatIsMissing() {
        Portion one = portion("a", 10);
        Portion two = portion("b", 20);
        assertThat(around.want(List.of(one, two))).isTrue();
        assertThat(around.want(List.of(one, two)))
                .as("somebody fills it already")
                .isFalse();
        assertThat(around.next()).contains(one);
        around.add(embedded(one, List.of("x"), 1f, 0f));
        Neighbourhood.Found found = around.nearest(EAST.clone(), 5);
        assertThat(found.compared()).isOne();
        assertThat(found.wanted())
                .as("the first shard held fewer than was said")
                .isEqualTo(21);
        assertThat(around.next()).contains(two);
        around.add(EmbeddedShard.failed(two, "it is gone"));
        assertThat(around.next()).isEmpty();
        assertThat(around.nearest(EAST.clone(), 5))
                .matches(all -> all.compared() == 1 && all.wanted() == 1)
                .matches(all -> all.problem().equals(Optional.of("it is gone")));
        assertThat(around.want(List.of(one, two))).as("nothing is missing").isFalse();
    }

    @Test
    void shardsThatAreNotWantedAnyMoreAreForgottenAndThoseThatGrowAreReadAgain() {
        Portion one = portion("a", 1);
        assertThat(around.want(List.of(one))).isTrue();
        around.add(embedded(one, List.of("x"), 1f, 0f));
        assertThat(around.next()).isEmpty();
        Portion two = portion("b", 1);
        assertThat(around.want(List.of(two))).isTrue();
        assertThat(around.nearest(EAST.clone(), 5).nearest()).isEmpty();
        around.add(embedded(one, List.of("x"), 1f, 0f));
        assertThat(around.nearest(EAST.clone(), 5).nearest())
                .as("it came too late")
                .isEmpty();
        around.add(embedded(two, List.of("y"), 1f, 0f));
        assertThat(around.next()).isEmpty();
        assertThat(around.want(List.of(portion("b", 2))))
                .as("more of it is wanted")
                .isTrue();
    }
}
