package dev.tutelage.learning.model;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;

/**
 * A residual network of basic blocks (He et al., arXiv 1512.03385) for small images: the stem is one 3x3 convolution
 * without pooling, as SimCLR uses it on CIFAR (arXiv 2002.05709, B.9). It turns images [N, channels, H, W] into features
 * [N, {@link #outputWidth}]. Its weights have torchvision's names. The last scale of every block starts at zero, so that
 * the network starts as its shortcuts.
 *
 * @param channels of the images, 1 or more
 * @param width channels of the stem and the first stage, 1 or more; every further stage doubles them. The paper's
 *     networks have 64 times their width multiplier
 * @param blocks basic blocks in each stage, 1 to 4 stages; [2, 2, 2, 2] is ResNet-18's
 * @param stemStride 1 to keep the image's resolution in the first stage, 2 to halve it
 */
public record ResNet(int channels, int width, List<Integer> blocks, int stemStride) {

    /** @throws IllegalArgumentException naming the field that is out of its range */
    public ResNet {
        blocks = List.copyOf(blocks);
        require(channels >= 1, "channels must be 1 or more, not " + channels);
        require(width >= 1 && width <= 4096, "width must be 1..4096, not " + width);
        require(!blocks.isEmpty() && blocks.size() <= 4, "blocks must list 1 to 4 stages, not " + blocks.size());
        require(
                blocks.stream().allMatch(n -> n >= 1),
                "blocks must have 1 or more blocks in each stage, not " + blocks);
        require(stemStride == 1 || stemStride == 2, "stemStride must be 1 or 2, not " + stemStride);
    }

    /** The width of the features: the last stage's channels. */
    public int outputWidth() {
        return stageWidth(blocks.size() - 1);
    }

    /** All weights, from the input to the output. */
    public List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        parameters.add(Parameter.convolution("conv1", channels, width, 3));
        parameters.addAll(Parameter.batchNorm("bn1", width, 1));
        for (BasicBlock block : basicBlocks()) {
            parameters.addAll(block.parameters());
        }
        return List.copyOf(parameters);
    }

    /** The forward pass: images [N, channels, H, W] to features [N, outputWidth]. */
    public <V> V features(Operations<V> operations, V images) {
        V value = operations.convolution(images, "conv1", stemStride, 1);
        value = operations.relu(operations.batchNorm(value, "bn1"));
        for (BasicBlock block : basicBlocks()) {
            value = block.apply(operations, value);
        }
        return operations.globalAveragePool(value);
    }

    /** Runs the forward pass on a batch; the result belongs to the images' manager. */
    public NDArray features(Weights weights, NDArray images, Mode mode) {
        return features(new Forward(weights, mode), images);
    }

    private List<BasicBlock> basicBlocks() {
        List<BasicBlock> all = new ArrayList<>();
        int in = width;
        for (int stage = 0; stage < blocks.size(); stage++) {
            for (int i = 0; i < blocks.get(stage); i++) {
                int stride = stage > 0 && i == 0 ? 2 : 1;
                all.add(new BasicBlock("layer" + (stage + 1) + "." + i, in, stageWidth(stage), stride));
                in = stageWidth(stage);
            }
        }
        return all;
    }

    private int stageWidth(int stage) {
        return width << stage;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException("encoder: " + message);
        }
    }

    /** Two 3x3 convolutions beside a shortcut, which is a strided 1x1 convolution where the shape changes. */
    private record BasicBlock(String name, int in, int out, int stride) {

        private List<Parameter> parameters() {
            List<Parameter> parameters = new ArrayList<>();
            parameters.add(Parameter.convolution(name + ".conv1", in, out, 3));
            parameters.addAll(Parameter.batchNorm(name + ".bn1", out, 1));
            parameters.add(Parameter.convolution(name + ".conv2", out, out, 3));
            parameters.addAll(Parameter.batchNorm(name + ".bn2", out, 0));
            if (changesShape()) {
                parameters.add(Parameter.convolution(name + ".downsample.0", in, out, 1));
                parameters.addAll(Parameter.batchNorm(name + ".downsample.1", out, 1));
            }
            return parameters;
        }

        private <V> V apply(Operations<V> operations, V input) {
            V value = operations.convolution(input, name + ".conv1", stride, 1);
            value = operations.relu(operations.batchNorm(value, name + ".bn1"));
            value = operations.convolution(value, name + ".conv2", 1, 1);
            value = operations.batchNorm(value, name + ".bn2");
            return operations.relu(operations.add(value, shortcut(operations, input)));
        }

        private <V> V shortcut(Operations<V> operations, V input) {
            if (!changesShape()) {
                return input;
            }
            V projected = operations.convolution(input, name + ".downsample.0", stride, 0);
            return operations.batchNorm(projected, name + ".downsample.1");
        }

        private boolean changesShape() {
            return stride != 1 || in != out;
        }
    }
}
