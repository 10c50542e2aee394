package dev.tutelage.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Stem;
import org.junit.jupiter.api.Test;

class ModelSummaryTest {

    @Test
    void theLayersAddUpToEncoderAndHead() {
        ModelSummary summary = ModelSummary.of(ResNet.ofDepth(3, 50, 1, Stem.IMAGENET, false), 3, 1000);
        assertThat(summary.parameters()).as("torchvision's resnet50 without fc").isEqualTo(23_508_032);
        assertThat(summary.classifierParameters()).isEqualTo(2048 * 1000 + 1000);
        assertThat(summary.headParameters())
                .as("two hidden layers with their norms, and one to 128 with a scale")
                .isEqualTo(2 * (2048 * 2048 + 2 * 2048) + 2048 * 128 + 128);
        assertThat(summary.layers().stream()
                        .mapToLong(ModelSummary.Layer::parameters)
                        .sum())
                .isEqualTo(summary.parameters() + summary.headParameters());
    }
}
