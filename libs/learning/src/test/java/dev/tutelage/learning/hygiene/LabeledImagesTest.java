package dev.tutelage.learning.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.recipe.HygieneRecipe;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LabeledImagesTest {

    @Test
    void theNewestAreRememberedWithTheirShards() {
        LabeledImages images = new LabeledImages(HygieneRecipe.USUAL, 2500);
        for (int shard = 0; shard < 50; shard++) {
            List<String> digests = new ArrayList<>();
            List<Long> hashes = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                digests.add(digest(shard * 100 + i));
                hashes.add((long) i);
            }
            images.add("shard-" + shard, digests, hashes);
        }
        assertThat(images.size()).isEqualTo(2500);
        for (int i = 0; i < 5000; i++) {
            assertThat(images.shardOf(digest(i)).orElse("")).isEqualTo(i < 2500 ? "" : "shard-" + i / 100);
        }
        assertThat(images.shardOf(digest(5000))).isEmpty();
    }

    @Test
    void anImageResemblesTheNearestOther() {
        LabeledImages images = new LabeledImages(HygieneRecipe.USUAL, 10);
        images.add("s", List.of(digest(1), digest(2)), List.of(0b1111L, 0b0001L));
        assertThat(images.resembling(digest(3), 0b0011)).contains(new Resemblance(digest(3), digest(2), 1));
        assertThat(images.resembling(digest(2), 0b0001)).contains(new Resemblance(digest(2), digest(1), 3));
        assertThat(images.resembling(digest(3), 0b11111111)).isEmpty();
    }

    @Test
    void nothingIsNearWhereNothingIsToBeFlagged() {
        LabeledImages images = new LabeledImages(new HygieneRecipe(true, -1, 8, 5), 10);
        images.add("s", List.of(digest(1)), List.of(1L));
        assertThat(images.resembling(digest(2), 1)).isEmpty();
        assertThat(images.shardOf(digest(1))).contains("s");
    }

    private static String digest(int i) {
        return Sha256.of(Integer.toString(i).getBytes(StandardCharsets.UTF_8));
    }
}
