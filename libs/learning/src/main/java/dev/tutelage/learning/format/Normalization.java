package dev.tutelage.learning.format;

import ai.djl.ndarray.NDArray;
import dev.tutelage.learning.model.Parameter;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Weights;
import java.util.Collections;
import java.util.List;

/**
 * What an encoder from elsewhere expects to be done to images with values 0 to 1: from each channel its mean is taken, and
 * the rest divided by its deviation. torchvision's encoders want 0.485, 0.456, 0.406 and 0.229, 0.224, 0.225.
 *
 * @param mean for each channel, finite
 * @param deviation for each channel, finite and more than 0
 */
public record Normalization(List<Double> mean, List<Double> deviation) {

    /** @throws IllegalArgumentException if there are not as many deviations as means, or a value is out of its range */
    public Normalization {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        if (mean.size() != deviation.size()) {
            throw new IllegalArgumentException(
                    "normalization: there are " + mean.size() + " means, but " + deviation.size() + " deviations");
        }
        if (!mean.stream().allMatch(Double::isFinite)
                || !deviation.stream().allMatch(value -> Double.isFinite(value) && value > 0)) {
            throw new IllegalArgumentException("normalization: means must be finite and deviations more than 0, not "
                    + mean + " and " + deviation);
        }
    }

    /** Images are taken as they are. */
    public static Normalization none(int channels) {
        return new Normalization(Collections.nCopies(channels, 0.0), Collections.nCopies(channels, 1.0));
    }

    /**
     * Itself, if it is for this number of channels.
     *
     * @throws IllegalArgumentException if it is for another
     */
    public Normalization requireChannels(int channels) {
        if (mean.size() != channels) {
            throw new IllegalArgumentException(
                    "normalization: it is for " + mean.size() + " channels, the encoder takes images of " + channels);
        }
        return this;
    }

    /**
     * Makes it part of the encoder, which then takes images as they are: the deviation goes into the first convolution's
     * kernel, the mean into the running mean of the normalisation after it. Where that convolution reaches over the image's
     * edge it now sees black instead of the mean colour; everywhere else the features stay what they were.
     *
     * @throws IllegalArgumentException if it has not as many channels as the encoder
     */
    void foldInto(ResNet encoder, Weights weights) {
        requireChannels(encoder.channels());
        List<Parameter> parameters = encoder.parameters();
        NDArray kernel = weights.get(parameters.get(0).name());
        // After the first convolution's kernel come its normalisation's scale, shift, mean and variance.
        NDArray runningMean = weights.get(parameters.get(3).name());
        float[] kernels = kernel.toFloatArray();
        float[] means = runningMean.toFloatArray();
        int perOutput = kernels.length / means.length;
        int perInput = perOutput / mean.size();
        for (int output = 0; output < means.length; output++) {
            double moved = means[output];
            for (int i = 0; i < perOutput; i++) {
                int channel = i / perInput;
                double scaled = kernels[output * perOutput + i] / deviation.get(channel);
                kernels[output * perOutput + i] = (float) scaled;
                moved += scaled * mean.get(channel);
            }
            means[output] = (float) moved;
        }
        kernel.set(kernels);
        runningMean.set(means);
    }
}
