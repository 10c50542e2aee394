package dev.tutelage.learning.augment;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;

/** Turns the hue of RGB images, keeping the value and the chroma of HSV. */
final class Hue {

    private static final int SIXTHS = 6;
    /** Where red, green and blue lie on the wheel, in sixths, counted down from red at 5. */
    private static final int[] OFFSETS = {5, 3, 1};

    private Hue() {}

    /**
     * Turns every pixel.
     *
     * @param images [N, 3, H, W] with values in 0..1
     * @param turns [N, 1, 1, 1], in turns of the wheel
     * @return [N, 3, H, W] with values in 0..1
     */
    static NDArray turn(NDArray images, NDArray turns) {
        NDArray value = images.max(new int[] {1}, true);
        NDArray chroma = value.sub(images.min(new int[] {1}, true));
        NDArray turned = sixths(images, value, chroma).add(turns.mul(SIXTHS));
        NDList channels = new NDList();
        for (int offset : OFFSETS) {
            NDArray k = turned.add(offset).mod(SIXTHS);
            NDArray share = NDArrays.minimum(k, k.neg().add(4)).clip(0, 1);
            channels.add(value.sub(chroma.mul(share)));
        }
        return NDArrays.concat(channels, 1);
    }

    /** Each pixel's hue, [N, 1, H, W], 0 where it is grey; any multiple of 6 may be added. */
    private static NDArray sixths(NDArray images, NDArray value, NDArray chroma) {
        NDList channels = images.split(3, 1);
        NDArray red = channels.get(0);
        NDArray green = channels.get(1);
        NDArray blue = channels.get(2);
        NDArray divisor = chroma.add(chroma.eq(0).toType(chroma.getDataType(), false));
        NDArray nearRed = green.sub(blue).div(divisor);
        NDArray nearGreen = blue.sub(red).div(divisor).add(2);
        NDArray nearBlue = red.sub(green).div(divisor).add(4);
        return NDArrays.where(value.eq(red), nearRed, NDArrays.where(value.eq(green), nearGreen, nearBlue));
    }
}
