package dev.tutelage.cli.model;

import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Stem;
import picocli.CommandLine.Option;

/** Options that describe an encoder. */
final class EncoderFlags {

    @Option(
            names = "--depth",
            paramLabel = "N",
            description = "18, 34, 50, 101 or 152. Default: ${DEFAULT-VALUE}",
            defaultValue = "50")
    private int depth;

    @Option(
            names = "--width",
            paramLabel = "X",
            description = "Width multiplier, such as 0.25 or 2. Default: ${DEFAULT-VALUE}",
            defaultValue = "1")
    private double width;

    @Option(names = "--sk", description = "With selective kernels; from depth 50")
    private boolean selectiveKernels;

    @Option(
            names = "--stem",
            paramLabel = "STEM",
            description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}",
            defaultValue = "IMAGENET")
    private Stem stem;

    /**
     * What the flags describe.
     *
     * @throws IllegalArgumentException naming what is out of its range
     */
    ResNet encoder(int channels) {
        return ResNet.ofDepth(channels, depth, width, stem, selectiveKernels);
    }
}
