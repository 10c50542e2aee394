package dev.tutelage.learning.model;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;

/**
 * A residual network (He et al., arXiv 1512.03385), the encoder f of the paper. It turns images [N, channels, H, W] into
 * features [N, {@link #outputWidth}]. Its weights have torchvision's names, and like torchvision's bottlenecks its own
 * stride in the 3x3 convolution.
 *
 * @param channels of the images, 1 or more
 * @param width channels of the stem and the first stage's inner convolutions, 1 or more; every further stage doubles
 *     them. The paper's networks have 64 times their width multiplier
 * @param blocks blocks in each stage, 1 to 4 stages; [3, 4, 6, 3] with bottlenecks is ResNet-50's
 * @param block what each is made of
 * @param stem what comes first
 * @param selectiveKernels whether 3x3 convolutions choose between two branches; only with bottlenecks
 */
public record ResNet(int channels, int width, List<Integer> blocks, Block block, Stem stem, boolean selectiveKernels) {

    /** @throws IllegalArgumentException naming the field that is out of its range */
    public ResNet {
        blocks = List.copyOf(blocks);
        require(channels >= 1, "channels must be 1 or more, not " + channels);
        require(width >= 1 && width <= 4096, "width must be 1..4096, not " + width);
        require(!blocks.isEmpty() && blocks.size() <= 4, "blocks must list 1 to 4 stages, not " + blocks.size());
        require(
                blocks.stream().allMatch(n -> n >= 1),
                "blocks must have 1 or more blocks in each stage, not " + blocks);
        require(block != null, "block must be BASIC or BOTTLENECK");
        require(stem != null, "stem must be CIFAR, CIFAR_HALVED or IMAGENET");
        require(
                !selectiveKernels || block == Block.BOTTLENECK,
                "selectiveKernels needs block BOTTLENECK: basic blocks have no place for them (ResNet-50 and deeper have"
                        + " bottlenecks)");
        require(!selectiveKernels || width % 2 == 0, "selectiveKernels needs an even width, not " + width);
    }

    /**
     * A network of basic blocks without selective kernels.
     *
     * @throws IllegalArgumentException naming the field that is out of its range
     */
    public static ResNet basic(int channels, int width, List<Integer> blocks, Stem stem) {
        return new ResNet(channels, width, blocks, Block.BASIC, stem, false);
    }

    /**
     * One of the well-known networks.
     *
     * @param depth 18, 34, 50, 101 or 152
     * @param widthMultiplier of every channel; a stem of 64 times it, rounded
     * @throws IllegalArgumentException naming the argument that is out of its range
     */
    public static ResNet ofDepth(int channels, int depth, double widthMultiplier, Stem stem, boolean selectiveKernels) {
        int width = (int) Math.round(64 * widthMultiplier);
        return switch (depth) {
            case 18 -> new ResNet(channels, width, List.of(2, 2, 2, 2), Block.BASIC, stem, selectiveKernels);
            case 34 -> new ResNet(channels, width, List.of(3, 4, 6, 3), Block.BASIC, stem, selectiveKernels);
            case 50 -> new ResNet(channels, width, List.of(3, 4, 6, 3), Block.BOTTLENECK, stem, selectiveKernels);
            case 101 -> new ResNet(channels, width, List.of(3, 4, 23, 3), Block.BOTTLENECK, stem, selectiveKernels);
            case 152 -> new ResNet(channels, width, List.of(3, 8, 36, 3), Block.BOTTLENECK, stem, selectiveKernels);
            default ->
                throw new IllegalArgumentException("encoder: depth must be 18, 34, 50, 101 or 152, not " + depth);
        };
    }

    /** The width of the features: the last stage's channels. */
    public int outputWidth() {
        return stageWidth(blocks.size() - 1) * block.expansion();
    }

    /** All weights, from the input to the output. */
    public List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>(stem.parameters(channels, width, selectiveKernels));
        residualBlocks().forEach(residual -> parameters.addAll(residual.parameters()));
        return List.copyOf(parameters);
    }

    /** The forward pass: images [N, channels, H, W] to features [N, outputWidth]. */
    public <V> V features(Operations<V> operations, V images) {
        V value = stem.apply(operations, images, selectiveKernels);
        for (ResidualBlock residual : residualBlocks()) {
            value = residual.apply(operations, value);
        }
        return operations.globalAveragePool(value);
    }

    /** Runs the forward pass on a batch; the result belongs to the images' manager. */
    public NDArray features(Weights weights, NDArray images, Mode mode) {
        return features(new Forward(weights, mode), images);
    }

    private List<ResidualBlock> residualBlocks() {
        List<ResidualBlock> all = new ArrayList<>();
        int in = width;
        for (int stage = 0; stage < blocks.size(); stage++) {
            for (int i = 0; i < blocks.get(stage); i++) {
                int stride = stage > 0 && i == 0 ? 2 : 1;
                String name = "layer" + (stage + 1) + "." + i;
                all.add(new ResidualBlock(name, block, in, stageWidth(stage), stride, selectiveKernels));
                in = stageWidth(stage) * block.expansion();
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
}
