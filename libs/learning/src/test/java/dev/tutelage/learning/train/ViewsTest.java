package dev.tutelage.learning.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.random.Seed;
import dev.tutelage.learning.recipe.OptimizerRecipe.Kind;
import dev.tutelage.learning.recipe.PretrainRecipe;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ViewsTest {
    private static final PretrainRecipe RECIPE = TinyTask.pretrain(Kind.LARS);

    @Test
    void everyViewHasASeedOfItsOwn() {
        Stream<Seed> seeds = Stream.of("aa", "ab").flatMap(digest -> Stream.of(0, 1, 2)
                .flatMap(epoch -> Stream.of(0, 1).map(view -> RECIPE.viewSeed(digest, epoch, view))));
        assertThat(seeds).doesNotHaveDuplicates().hasSize(12);
    }

    /** Where an image stands in the set decides when it is seen, and not how. */
    @Test
    void theSeedDependsOnTheImageAndNotOnItsPlace() {
        ImageSet moved = TinyTask.IMAGES.subset(new int[] {3, 1, 2});
        assertThat(RECIPE.viewSeed(moved.digest(0), 5, 1)).isEqualTo(RECIPE.viewSeed(TinyTask.IMAGES.digest(3), 5, 1));
    }
}
