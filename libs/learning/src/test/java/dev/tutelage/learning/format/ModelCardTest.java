package dev.tutelage.learning.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.model.Block;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.HeadPart;
import dev.tutelage.learning.model.ProjectionHead;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Stem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCardTest {
    private static final ResNet ENCODER = new ResNet(3, 8, List.of(1, 1), Block.BOTTLENECK, Stem.IMAGENET, true);
    private static final List<Manifest.File> FILES =
            List.of(new Manifest.File("weights.safetensors", "ab", 12), new Manifest.File("model.onnx", "cd", 34));
    private static final Map<String, String> VERSIONS = Map.of("tutelage", "0.1", "djl", "0.36.0");

    @Test
    void aClassifiersCardReadsWell() {
        Architecture architecture = new Architecture.Predicting(new Classifier(ENCODER, HeadPart.hidden(64, 1), 2));
        Provenance provenance = new Provenance(
                "pets",
                Stage.FINE_TUNED,
                List.of("cat", "dog"),
                new ImageShape(3, 32, 24),
                "{\"epochs\":2}",
                Optional.of("feed"),
                "beef",
                -5);
        Map<String, Double> metrics = Map.of("top1", 81.25, "loss", 1 / 3.0, "top1.0", 80.0, "mine", 1e-7);
        String card = ModelCard.of(new Manifest(provenance, architecture, VERSIONS, metrics, 1234567, FILES));
        assertThat(card).isEqualTo("""
                # pets: a classifier of 2 classes

                Fine-tuned from a pretrained encoder on few labels (SimCLRv2, stage 2).

                - Encoder: ResNet of bottleneck blocks [1, 1], width 8, stem IMAGENET, selective kernels; features of width 64
                - Head: a linear classifier on layer 1 of the projection head
                - Parameters: 1,234,567; running statistics do not count

                ## How to use it

                `model.onnx` (ONNX opset 13, any number N of images at once):

                - input `images`: float32 [N, 3, 32, 24], red, green, blue, values 0 to 1 (a byte divided by 255), not normalised further
                - output `logits`: float32 [N, 2]; their softmax is the classes' probabilities
                - output `features`: float32 [N, 64], the encoder's

                ```python
                import numpy, onnxruntime
                images = numpy.zeros((1, 3, 32, 24), numpy.float32)
                session = onnxruntime.InferenceSession("model.onnx")
                logits = session.run(["logits"], {"images": images})[0]
                ```

                `weights.safetensors` has PyTorch's layout and, for the encoder, torchvision's names:

                ```python
                from safetensors.torch import load_file
                weights = load_file("weights.safetensors")
                ```

                The classes, in the order of the logits:

                ```json
                [
                  "cat",
                  "dog"
                ]
                ```

                ## What was measured

                | metric | value | what it is |
                |---|---|---|
                | loss | 0.333333 | nats, mean of the last epoch of training |
                | mine | 0.0000001 |  |
                | top1 | 81.25 | %, held-out images whose most likely class is theirs |
                | top1.0 | 80 | %, held-out, of this setting of the sweep |

                ## Limits

                Held-out top-1 was measured on the held-out images of this task, which the data set below names and training did not see. The same images choose among settings and among checkpoints, so it may be a little too good. Nothing else was measured: no images from elsewhere, no single class, no calibration, no robustness.

                It is made for images like those of its task. For others, measure first.

                ## Where it comes from

                - Stage: fine-tuned
                - Data set: `beef` (fingerprint)
                - Parent: checkpoint `feed`
                - Seed: -5
                - Version of djl: 0.36.0
                - Version of tutelage: 0.1

                The recipe:

                ```json
                {
                  "epochs" : 2
                }
                ```

                `manifest.json` says the same to programs, with the SHA-256 of every file.
                """);
    }

    @Test
    void anEncodersCardTellsOfFeaturesAndOfNoAccuracy() {
        String card = ModelCard.of(pretrained("pets", "{}", FILES));
        assertThat(card)
                .contains(
                        "# pets: an encoder\n",
                        "- Head: projection of 3 layers to width 16, for pretraining and fine-tuning only\n",
                        "- output `features`: float32 [N, 64]\n",
                        "No accuracy was measured")
                .doesNotContain("Parent", "classes, in the order", "What was measured", "logits");
    }

    @Test
    void aProbedEncodersCardTellsWhatTheProbesMeasured() {
        Manifest plain = pretrained("pets", "{}", FILES);
        String card = ModelCard.of(new Manifest(
                plain.provenance(), plain.architecture(), VERSIONS, Map.of("knn", 61.5, "linear", 70.25), 1, FILES));
        assertThat(card)
                .contains(
                        "| knn | 61.5 | %, held-out images for which the nearest labeled ones vote right, by their"
                                + " features |\n",
                        "| linear | 70.25 | %, held-out images that a linear classifier on the features gets right |\n",
                        "What the probes measured is of the features")
                .doesNotContain("No accuracy was measured");
    }

    /** Every metric that a stage measures has a meaning. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "top1",
                "top1.2",
                "calibrationError",
                "minClassRecall",
                "loss",
                "validationLoss",
                "bestEpoch",
                "labels",
                "setting",
                "knn",
                "linear",
                "deviation",
                "alignment",
                "uniformity",
                "selected.labeled",
                "selected.agreement"
            })
    void everyMetricIsExplained(String metric) {
        Manifest plain = pretrained("pets", "{}", FILES);
        String card = ModelCard.of(
                new Manifest(plain.provenance(), plain.architecture(), VERSIONS, Map.of(metric, 0.5), 1, FILES));
        assertThat(card).containsPattern("\\| \\Q" + metric + "\\E \\| 0\\.5 \\| [^|]{10,} \\|");
    }

    @Test
    void whatWasMeasuredIsNotSaidToBeMissing() {
        Manifest classifier = classifier(Map.of("top1", 81.25, "calibrationError", 0.03, "minClassRecall", 40.0));
        assertThat(ModelCard.of(classifier))
                .contains("Nothing else was measured: no images from elsewhere, no robustness.")
                .doesNotContain("no calibration", "no single class");
    }

    private static Manifest classifier(Map<String, Double> metrics) {
        Provenance provenance = new Provenance(
                "pets",
                Stage.FINE_TUNED,
                List.of("cat", "dog"),
                new ImageShape(3, 32, 24),
                "{}",
                Optional.of("feed"),
                "beef",
                -5);
        Architecture architecture = new Architecture.Predicting(new Classifier(ENCODER, HeadPart.hidden(64, 1), 2));
        return new Manifest(provenance, architecture, VERSIONS, metrics, 1, FILES);
    }

    @Test
    void anEncodersCardTellsFromWhatItWentOnAndHowMuchWasReplayed() {
        Manifest random = pretrained("pets", "{}", FILES);
        Provenance from = random.provenance();
        Provenance warm = new Provenance(
                from.task(),
                from.stage(),
                from.classes(),
                from.images(),
                from.recipe(),
                from.parent(),
                from.dataset(),
                from.seed(),
                Optional.of("f00d"));
        Map<String, Double> metrics = Map.of("images.new", 6000.0, "images.replayed", 2000.0);
        String card = ModelCard.of(new Manifest(warm, random.architecture(), VERSIONS, metrics, 1, FILES));
        assertThat(card)
                .contains(
                        "Pretrained by contrast, without labels (SimCLRv2, stage 1). It went on from checkpoint `f00d`: an"
                                + " epoch saw 6,000 new images and 2,000 that the checkpoint had seen, which are 25%.\n",
                        "| images.new | 6000 | images of an epoch that were new |",
                        "- Started with the weights of checkpoint `f00d`");
        assertThat(ModelCard.of(random)).doesNotContain("went on");
    }

    @Test
    void anEncoderWithoutAModelSaysWhatThereIs() {
        assertThat(ModelCard.of(pretrained("pets", "{}", FILES.subList(0, 1))))
                .contains("It is too large for an ONNX file; `weights.safetensors` holds all of it.")
                .doesNotContain("onnxruntime");
    }

    /** Neither can end its line or its fence, or become a heading or a link. */
    @Test
    void namesOfOthersStayText() {
        String card = ModelCard.of(pretrained("a\n# b [c](d) <e>", "{\"note\":\"```\\n# not a heading\"}", FILES));
        assertThat(card.lines().filter(line -> line.startsWith("#")))
                .containsExactly(
                        "# a \\# b \\[c\\](d) \\<e\\>: an encoder",
                        "## How to use it",
                        "## Limits",
                        "## Where it comes from");
        assertThat(card.lines().filter(line -> line.startsWith("```"))).hasSize(6);
    }

    private static Manifest pretrained(String task, String recipe, List<Manifest.File> files) {
        Provenance provenance = new Provenance(
                task, Stage.PRETRAINED, List.of(), new ImageShape(3, 32, 24), recipe, Optional.empty(), "beef", 1);
        return new Manifest(
                provenance,
                new Architecture.Pretrained(ENCODER, new ProjectionHead(64, 3, 16)),
                VERSIONS,
                Map.of(),
                1,
                files);
    }
}
