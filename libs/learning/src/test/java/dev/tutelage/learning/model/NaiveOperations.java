package dev.tutelage.learning.model;

import java.util.Map;

/**
 * The layers written out as loops in double precision, with batch normalisation as in training.
 *
 * @param weights by name, in row-major order
 * @param outputs channels that each kernel or matrix makes, by name
 */
record NaiveOperations(Map<String, double[]> weights, Map<String, Integer> outputs)
        implements Operations<NaiveOperations.Tensor> {

    /** [N, C, H, W]; features have height and width 1. */
    static final class Tensor {
        private final int count;
        private final int channels;
        private final int height;
        private final int width;
        private final double[] values;

        Tensor(int count, int channels, int height, int width, double[] values) {
            this.count = count;
            this.channels = channels;
            this.height = height;
            this.width = width;
            this.values = values;
        }

        Tensor(int count, int channels, int height, int width) {
            this(count, channels, height, width, new double[count * channels * height * width]);
        }

        double[] values() {
            return values.clone();
        }

        private int index(int n, int c, int y, int x) {
            return ((n * channels + c) * height + y) * width + x;
        }

        private double at(int n, int c, int y, int x) {
            return y < 0 || y >= height || x < 0 || x >= width ? 0 : values[index(n, c, y, x)];
        }
    }

    @Override
    public Tensor convolution(Tensor input, String module, int stride, int padding) {
        double[] kernel = weights.get(module + ".weight");
        int channels = outputs.get(module + ".weight");
        int size = (int) Math.sqrt(kernel.length / (double) (channels * input.channels));
        int height = (input.height + 2 * padding - size) / stride + 1;
        int width = (input.width + 2 * padding - size) / stride + 1;
        Tensor output = new Tensor(input.count, channels, height, width);
        for (int n = 0; n < input.count; n++) {
            for (int c = 0; c < channels; c++) {
                for (int y = 0; y < height; y++) {
                    for (int x = 0; x < width; x++) {
                        output.values[output.index(n, c, y, x)] =
                                product(input, kernel, c, size, n, y * stride - padding, x * stride - padding);
                    }
                }
            }
        }
        return output;
    }

    private static double product(Tensor input, double[] kernel, int c, int size, int n, int top, int left) {
        double sum = 0;
        for (int from = 0; from < input.channels; from++) {
            for (int j = 0; j < size; j++) {
                for (int i = 0; i < size; i++) {
                    double weight = kernel[((c * input.channels + from) * size + j) * size + i];
                    sum += weight * input.at(n, from, top + j, left + i);
                }
            }
        }
        return sum;
    }

    @Override
    public Tensor batchNorm(Tensor input, String module) {
        double[] scale = weights.get(module + ".weight");
        double[] shift = weights.getOrDefault(module + ".bias", new double[input.channels]);
        int area = input.height * input.width;
        Tensor output = new Tensor(input.count, input.channels, input.height, input.width);
        for (int c = 0; c < input.channels; c++) {
            double mean = channelMean(input, c, 0, 1);
            double variance = channelMean(input, c, mean, 2);
            for (int n = 0; n < input.count; n++) {
                int start = input.index(n, c, 0, 0);
                for (int i = start; i < start + area; i++) {
                    double normalised = (input.values[i] - mean) / Math.sqrt(variance + 1e-5);
                    output.values[i] = scale[c] * normalised + shift[c];
                }
            }
        }
        return output;
    }

    /** The mean of a channel's distances from the centre, raised to this power. */
    private static double channelMean(Tensor input, int channel, double centre, int power) {
        int area = input.height * input.width;
        double sum = 0;
        for (int n = 0; n < input.count; n++) {
            int start = input.index(n, channel, 0, 0);
            for (int i = start; i < start + area; i++) {
                sum += Math.pow(input.values[i] - centre, power);
            }
        }
        return sum / (input.count * area);
    }

    @Override
    public Tensor relu(Tensor input) {
        Tensor output = new Tensor(input.count, input.channels, input.height, input.width);
        for (int i = 0; i < input.values.length; i++) {
            output.values[i] = Math.max(0, input.values[i]);
        }
        return output;
    }

    @Override
    public Tensor add(Tensor left, Tensor right) {
        Tensor output = new Tensor(left.count, left.channels, left.height, left.width);
        for (int i = 0; i < left.values.length; i++) {
            output.values[i] = left.values[i] + right.values[i];
        }
        return output;
    }

    @Override
    public Tensor maxPool(Tensor input) {
        Tensor output = new Tensor(input.count, input.channels, (input.height + 1) / 2, (input.width + 1) / 2);
        for (int i = 0; i < output.values.length; i++) {
            int x = i % output.width * 2;
            int y = i / output.width % output.height * 2;
            double greatest = Double.NEGATIVE_INFINITY;
            for (int j = Math.max(0, y - 1); j <= Math.min(input.height - 1, y + 1); j++) {
                for (int k = Math.max(0, x - 1); k <= Math.min(input.width - 1, x + 1); k++) {
                    greatest = Math.max(greatest, input.values[input.index(0, plane(output, i), j, k)]);
                }
            }
            output.values[i] = greatest;
        }
        return output;
    }

    @Override
    public Tensor averagePool(Tensor input) {
        Tensor output = new Tensor(input.count, input.channels, (input.height + 1) / 2, (input.width + 1) / 2);
        for (int i = 0; i < output.values.length; i++) {
            int x = i % output.width * 2;
            int y = i / output.width % output.height * 2;
            int number = 0;
            for (int j = y; j <= Math.min(input.height - 1, y + 1); j++) {
                for (int k = x; k <= Math.min(input.width - 1, x + 1); k++) {
                    output.values[i] += input.values[input.index(0, plane(output, i), j, k)];
                    number++;
                }
            }
            output.values[i] /= number;
        }
        return output;
    }

    /** Image and channel as one number. */
    private static int plane(Tensor tensor, int index) {
        return index / (tensor.height * tensor.width);
    }

    @Override
    public Tensor meanOfBranches(Tensor branches) {
        int channels = branches.channels / 2;
        int area = branches.height * branches.width;
        Tensor output = new Tensor(branches.count, channels, 1, 1);
        for (int i = 0; i < branches.values.length; i++) {
            int plane = plane(branches, i);
            int channel = plane % branches.channels % channels;
            output.values[plane / branches.channels * channels + channel] += branches.values[i] / area;
        }
        return output;
    }

    @Override
    public Tensor select(Tensor branches, Tensor scores) {
        int channels = branches.channels / 2;
        Tensor output = new Tensor(branches.count, channels, branches.height, branches.width);
        for (int i = 0; i < branches.values.length; i++) {
            int plane = plane(branches, i);
            int image = plane / branches.channels;
            int channel = plane % branches.channels % channels;
            double first = Math.exp(scores.values[image * branches.channels + channel]);
            double second = Math.exp(scores.values[image * branches.channels + channels + channel]);
            double own = plane % branches.channels < channels ? first : second;
            int pixel = i % (branches.height * branches.width);
            output.values[output.index(image, channel, 0, 0) + pixel] += own / (first + second) * branches.values[i];
        }
        return output;
    }

    @Override
    public Tensor globalAveragePool(Tensor input) {
        int area = input.height * input.width;
        Tensor output = new Tensor(input.count, input.channels, 1, 1);
        for (int i = 0; i < input.values.length; i++) {
            output.values[i / area] += input.values[i] / area;
        }
        return output;
    }

    @Override
    public Tensor dense(Tensor input, String module) {
        double[] matrix = weights.get(module + ".weight");
        int width = outputs.get(module + ".weight");
        double[] bias = weights.getOrDefault(module + ".bias", new double[width]);
        Tensor output = new Tensor(input.count, width, 1, 1);
        for (int n = 0; n < input.count; n++) {
            for (int c = 0; c < width; c++) {
                double sum = bias[c];
                for (int from = 0; from < input.channels; from++) {
                    sum += matrix[c * input.channels + from] * input.at(n, from, 0, 0);
                }
                output.values[n * width + c] = sum;
            }
        }
        return output;
    }
}
