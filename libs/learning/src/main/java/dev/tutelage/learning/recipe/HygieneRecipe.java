package dev.tutelage.learning.recipe;

/**
 * Which images are not labeled again, which are flagged, and which must not be labeled. Images are compared by SHA-256 and
 * by a perceptual hash of 64 bits.
 *
 * @param labelOnce whether an image whose bytes have a label already is linked to it rather than labeled again
 * @param nearDistance bits in which the hash of an image may differ from that of an earlier one to be flagged as its near
 *     duplicate, 0..7; -1 flags none. Each further bit makes the search slower
 * @param heldOutDistance bits in which the hash of an image may differ from that of a held-out one to be compared with it,
 *     0..15; -1 leaves out exact copies alone
 * @param heldOutDifference the most that it may then differ from it to be left out: root mean square of the differences of
 *     16 x 16 grey thumbnails, 0..64 of 255 grey levels
 */
public record HygieneRecipe(boolean labelOnce, int nearDistance, int heldOutDistance, double heldOutDifference) {

    /**
     * On the Fashion-MNIST sample (28 x 28, grey), no training image is mistaken for one of the held-out ones; of the
     * held-out ones saved again as JPEG, 99% at quality 75 and 98% at quality 50 are recognised.
     */
    public static final HygieneRecipe USUAL = new HygieneRecipe(true, 3, 8, 5);

    /** @throws InvalidRecipeException naming the field that is out of its range */
    public HygieneRecipe {
        Require.that(nearDistance >= -1 && nearDistance <= 7, "hygiene.nearDistance", "-1..7", nearDistance);
        Require.that(
                heldOutDistance >= -1 && heldOutDistance <= 15, "hygiene.heldOutDistance", "-1..15", heldOutDistance);
        Require.that(
                heldOutDifference >= 0 && heldOutDifference <= 64,
                "hygiene.heldOutDifference",
                "0..64",
                heldOutDifference);
    }
}
