package dev.tutelage.learning.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.learning.data.Encoded;
import dev.tutelage.learning.data.FashionMnist;
import dev.tutelage.learning.data.ImageCodec;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.UnusableImageException;
import dev.tutelage.learning.recipe.HygieneRecipe;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The figures in docs/data.md and in {@link HygieneRecipe#USUAL}. */
class HeldOutImagesTest {
    private static final ImageShape SHAPE = new ImageShape(1, 28, 28);
    private static final Appearance.Viewer VIEWER = new Appearance.Viewer(SHAPE);

    @Test
    void noTrainingImageIsMistakenForATestImage() {
        ImageSet train = FashionMnist.train();
        HeldOutImages test = HeldOutImages.of(List.of(FashionMnist.test()), HygieneRecipe.USUAL);
        assertThat(test.size()).isEqualTo(2000);
        assertThat(leaks(test, train)).isZero();

        HeldOutImages byHashAlone = HeldOutImages.of(List.of(FashionMnist.test()), new HygieneRecipe(true, 3, 8, 64));
        assertThat(leaks(byHashAlone, train.subset(IntStream.range(0, 1000).toArray())))
                .as("hashes alone collide")
                .isGreaterThan(100);
    }

    private static long leaks(HeldOutImages heldOut, ImageSet images) {
        return IntStream.range(0, images.size())
                .filter(i -> heldOut.match(i, images.digest(i), VIEWER.look(images.pixels(i)))
                        .isPresent())
                .count();
    }

    @Test
    void copiesSavedAgainAreRecognised() throws Exception {
        assertThat(recognised(75)).isGreaterThanOrEqualTo(990);
        assertThat(recognised(50)).isGreaterThanOrEqualTo(975);
    }

    /** Of the first 1,000 test images, saved as JPEG of that quality. */
    private static int recognised(int quality) throws UnusableImageException {
        ImageSet test = FashionMnist.test();
        HeldOutImages heldOut = HeldOutImages.of(List.of(test), HygieneRecipe.USUAL);
        int recognised = 0;
        for (int i = 0; i < 1000; i++) {
            byte[] again = ImageCodec.decode(Encoded.jpeg(SHAPE, test.pixels(i), quality), SHAPE);
            Optional<Leak> leak = heldOut.match(i, "another", VIEWER.look(again));
            if (leak.isPresent()) {
                recognised++;
                assertThat(leak.get().exact()).isFalse();
                assertThat(leak.get().heldOut()).isEqualTo(test.key(i));
            }
        }
        return recognised;
    }

    @Test
    void equalBytesAreRecognisedWhateverTheyLookLike() {
        ImageSet test = FashionMnist.test().subset(new int[] {4, 5});
        HeldOutImages heldOut = HeldOutImages.of(List.of(test), new HygieneRecipe(true, 3, -1, 0));
        Appearance black = VIEWER.look(new byte[784]);
        assertThat(heldOut.match(9, test.digest(1), black)).contains(new Leak(9, test.key(1), true, 0, 0));
        assertThat(heldOut.match(9, "another", VIEWER.look(test.pixels(1)))).isEmpty();
        assertThat(HeldOutImages.none(HygieneRecipe.USUAL).match(0, test.digest(0), black))
                .isEmpty();
    }
}
