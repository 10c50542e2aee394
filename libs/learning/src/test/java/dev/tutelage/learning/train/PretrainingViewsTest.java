package dev.tutelage.learning.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.OptimizerRecipe.Kind;
import dev.tutelage.learning.recipe.PretrainRecipe;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PretrainingViewsTest {
    private static final PretrainRecipe RECIPE = TinyTask.pretrain(Kind.LARS);

    @Test
    void everyViewHasASeedOfItsOwn() {
        Stream<Seed> seeds = Stream.of("aa", "ab").flatMap(digest -> Stream.of(0, 1, 2)
                .flatMap(epoch -> Stream.of(0, 1).map(view -> RECIPE.viewSeed(digest, epoch, view))));
        assertThat(seeds).doesNotHaveDuplicates().hasSize(12);
    }

    /** From another set and in another batch, it is the same view. */
    @Test
    void aViewCanBeMadeAgainFromItsImageAndEpoch() {
        ImageSet moved = TinyTask.IMAGES.subset(new int[] {3, 1, 2});
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            NDArray batch = new PretrainingViews(RECIPE, TinyTask.IMAGES).of(scope, new int[] {5, 3, 0, 1}, 4);
            NDArray again = new PretrainingViews(RECIPE, moved).of(scope, new int[] {0}, 4);
            assertThat(again.get(0).toFloatArray())
                    .as("first view")
                    .containsExactly(batch.get(1).toFloatArray(), within(1e-6f));
            assertThat(again.get(1).toFloatArray())
                    .as("second view")
                    .containsExactly(batch.get(5).toFloatArray(), within(1e-6f));
            assertThat(again.get(0)).isNotEqualTo(again.get(1));
        }
    }
}
