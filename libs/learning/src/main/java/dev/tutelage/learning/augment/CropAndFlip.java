package dev.tutelage.learning.augment;

import dev.tutelage.learning.random.Seed;
import java.util.SplittableRandom;

/**
 * Random resized crop and flip (SimCLR, arXiv 2002.05709, appendix A). The area is uniform, the aspect ratio uniform in
 * its logarithm, the place uniform; a side that comes out longer than the image's is cut to it.
 *
 * @param minArea smallest part of the image's area, more than 0; the paper's is 0.08
 * @param maxArea largest part, from minArea to 1; the paper's is 1
 * @param maxAspect largest ratio of width to height relative to the image's, 1 or more, its inverse being the smallest;
 *     the paper's is 4/3
 * @param flip the probability of a flip, 0..1; the paper's is 0.5
 * @param interpolation how pixels are made; the paper's is bicubic
 */
public record CropAndFlip(double minArea, double maxArea, double maxAspect, double flip, Interpolation interpolation) {

    /** @throws IllegalArgumentException naming the field that is out of its range */
    public CropAndFlip {
        require(minArea > 0 && minArea <= 1, "minArea must be more than 0 and at most 1, not " + minArea);
        require(maxArea >= minArea && maxArea <= 1, "maxArea must be from minArea to 1, not " + maxArea);
        require(maxAspect >= 1 && maxAspect <= 100, "maxAspect must be 1..100, not " + maxAspect);
        require(flip >= 0 && flip <= 1, "flip must be 0..1, not " + flip);
        require(interpolation != null, "interpolation must be BILINEAR or BICUBIC");
    }

    /** The view that this seed means for images of this size in pixels. */
    public View draw(int height, int width, Seed seed) {
        SplittableRandom random = seed.of("crop").random();
        double area = minArea + random.nextDouble() * (maxArea - minArea);
        double aspect = StrictMath.exp((2 * random.nextDouble() - 1) * StrictMath.log(maxAspect));
        double boxHeight = Math.min(height, height * Math.sqrt(area / aspect));
        double boxWidth = Math.min(width, width * Math.sqrt(area * aspect));
        double top = random.nextDouble() * (height - boxHeight);
        double left = random.nextDouble() * (width - boxWidth);
        return new View(top, left, boxHeight, boxWidth, random.nextDouble() < flip);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException("crop: " + message);
        }
    }
}
