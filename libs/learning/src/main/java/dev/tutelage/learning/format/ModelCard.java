package dev.tutelage.learning.format;

import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.model.Block;
import dev.tutelage.learning.model.Classifier;
import dev.tutelage.learning.model.ResNet;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Map;

/**
 * A checkpoint's facts for people, in Markdown: what it is, how to use it, how good it is, where it comes from and what is
 * not known. Whatever others named (task, classes, recipe) is shown so that it stays text.
 */
final class ModelCard {
    /** Digits of a metric, more than any of them has that mean something. */
    private static final MathContext DIGITS = new MathContext(6);

    private final Manifest manifest;
    private final Provenance provenance;
    private final StringBuilder text = new StringBuilder();

    private ModelCard(Manifest manifest) {
        this.manifest = manifest;
        this.provenance = manifest.provenance();
    }

    /**
     * The card, with line feeds alone. Equal facts give an equal card.
     *
     * @param manifest with the files other than the card
     */
    static String of(Manifest manifest) {
        ModelCard card = new ModelCard(manifest);
        card.title();
        card.use();
        card.metrics();
        card.limits();
        card.provenance();
        return card.text.toString();
    }

    private void title() {
        line("# " + plain(provenance.task()) + ": " + kind());
        line("");
        line(story());
        line("");
        ResNet encoder = manifest.architecture().encoder();
        line("- Encoder: ResNet of " + (encoder.block() == Block.BASIC ? "basic" : "bottleneck") + " blocks "
                + encoder.blocks() + ", width " + encoder.width() + ", stem " + encoder.stem()
                + (encoder.selectiveKernels() ? ", selective kernels" : "") + "; features of width "
                + encoder.outputWidth());
        line("- Head: " + head());
        line(String.format(Locale.ROOT, "- Parameters: %,d; running statistics do not count", manifest.parameters()));
        line("");
    }

    private String kind() {
        return manifest.architecture() instanceof Architecture.Predicting predicting
                ? "a classifier of " + predicting.classifier().classes() + " classes"
                : "an encoder";
    }

    private String story() {
        return switch (provenance.stage()) {
            case PRETRAINED -> "Pretrained by contrast, without labels (SimCLRv2, stage 1)." + goingOn();
            case FINE_TUNED -> "Fine-tuned from a pretrained encoder on few labels (SimCLRv2, stage 2).";
            case SUPERVISED -> "Trained from scratch on the labels alone: the baseline that the others have to beat.";
            case DISTILLED -> "Distilled from the soft labels of a teacher (SimCLRv2, stage 3).";
            case IMPORTED ->
                "Trained elsewhere: the encoder's weights are those of the file whose SHA-256 the recipe gives as `source`."
                        + " The projection head is fresh.";
        };
    }

    /** Of a pretraining that did not start at random. */
    private String goingOn() {
        double fresh = manifest.metrics().getOrDefault("images.new", 0.0);
        double replayed = manifest.metrics().getOrDefault("images.replayed", 0.0);
        return provenance
                .start()
                .map(start -> String.format(
                        Locale.ROOT,
                        " It went on from checkpoint `%s`: an epoch saw %,.0f new images and %,.0f that the checkpoint had"
                                + " seen, which are %.0f%%.",
                        start,
                        fresh,
                        replayed,
                        100 * replayed / Math.max(1, fresh + replayed)))
                .orElse("");
    }

    private String head() {
        if (manifest.architecture() instanceof Architecture.Pretrained pretrained) {
            return "projection of " + pretrained.head().depth() + " layers to width "
                    + pretrained.head().outputWidth() + ", for pretraining and fine-tuning only";
        }
        Classifier classifier = ((Architecture.Predicting) manifest.architecture()).classifier();
        int layers = classifier.head().layers();
        return "a linear classifier on "
                + (layers == 0 ? "the features" : "layer " + layers + " of the projection head");
    }

    private void use() {
        line("## How to use it");
        line("");
        if (manifest.files().stream().anyMatch(file -> file.name().equals(Checkpoint.ONNX))) {
            onnx();
        } else {
            line("It is too large for an ONNX file; `" + Checkpoint.WEIGHTS + "` holds all of it.");
        }
        line("");
        line("`" + Checkpoint.WEIGHTS + "` has PyTorch's layout and, for the encoder, torchvision's names:");
        line("");
        fenced("python", """
                from safetensors.torch import load_file
                weights = load_file("%s")
                """.formatted(Checkpoint.WEIGHTS));
        line("");
        if (!provenance.classes().isEmpty()) {
            line("The classes, in the order of the logits:");
            line("");
            fenced("json", ManifestJson.pretty(provenance.classes()));
            line("");
        }
    }

    private void onnx() {
        ImageShape images = provenance.images();
        boolean predicts = manifest.architecture() instanceof Architecture.Predicting;
        String output = predicts ? Onnx.LOGITS : Onnx.FEATURES;
        int width = predicts
                ? provenance.classes().size()
                : manifest.architecture().encoder().outputWidth();
        String sides = images.channels() + ", " + images.height() + ", " + images.width();
        line("`" + Checkpoint.ONNX + "` (ONNX opset " + Onnx.OPSET + ", any number N of images at once):");
        line("");
        line("- input `" + Onnx.INPUT + "`: float32 [N, " + sides + "], "
                + (images.channels() == 1 ? "grey" : "red, green, blue")
                + ", values 0 to 1 (a byte divided by 255), not normalised further");
        line("- output `" + output + "`: float32 [N, " + width + "]"
                + (predicts ? "; their softmax is the classes' probabilities" : ""));
        if (predicts) {
            line("- output `" + Onnx.FEATURES + "`: float32 [N, "
                    + manifest.architecture().encoder().outputWidth() + "], the encoder's");
        }
        line("");
        fenced("python", """
                import numpy, onnxruntime
                images = numpy.zeros((1, %s), numpy.float32)
                session = onnxruntime.InferenceSession("%s")
                %s = session.run(["%s"], {"%s": images})[0]
                """.formatted(sides, Checkpoint.ONNX, output, output, Onnx.INPUT));
    }

    private void metrics() {
        if (manifest.metrics().isEmpty()) {
            return;
        }
        line("## What was measured");
        line("");
        line("| metric | value | what it is |");
        line("|---|---|---|");
        manifest.metrics()
                .forEach((name, value) ->
                        line("| " + plain(name) + " | " + number(value) + " | " + meaning(name) + " |"));
        line("");
    }

    /** In few digits, alike on every JDK: they differ in how they print doubles. */
    private static String number(double value) {
        BigDecimal rounded = new BigDecimal(value).round(DIGITS);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    private static String meaning(String metric) {
        return switch (metric) {
            case "top1" -> "%, held-out images whose most likely class is theirs";
            case "loss" -> "nats, mean of the last epoch of training";
            case "calibrationError" ->
                "0 to 1, expected calibration error on held-out images: by how much the likeliest class's probability is"
                        + " off, over 15 bins";
            case "minClassRecall" -> "%, held-out images of the class that is recognised least";
            case "validationLoss" ->
                "nats, mean over the images put aside to stop early by, of the epoch that was kept";
            case "bestEpoch" -> "epoch that was kept, from 1";
            case "labels" -> "labeled images that it was trained on";
            case "knn" -> "%, held-out images for which the nearest labeled ones vote right, by their features";
            case "linear" -> "%, held-out images that a linear classifier on the features gets right";
            case "setting" -> "number of the sweep's setting that was kept, from 0";
            case "deviation" -> "spread of projections: 1 all over the sphere, 0 in one place (collapsed)";
            case "alignment" -> "mean squared distance of two views' projections, 0 to 4";
            case "uniformity" -> "-8 to 0, the less the more evenly projections lie on the sphere";
            case "images.new" -> "images of an epoch that were new";
            case "images.replayed" -> "images of an epoch that the checkpoint it went on from had seen";
            case "selected.labeled" -> "images that the selection chose from";
            default -> {
                if (metric.startsWith("selected.")) {
                    yield "images that this criterion of the selection left";
                }
                yield metric.startsWith("top1.") ? "%, held-out, of this setting of the sweep" : "";
            }
        };
    }

    private void limits() {
        line("## Limits");
        line("");
        if (manifest.metrics().containsKey("top1")) {
            line("Held-out top-1 was measured on the held-out images of this task, which the data set below names and"
                    + " training did not see. The same images choose among settings and among checkpoints, so it may be"
                    + " a little too good. Nothing else was measured: no images from elsewhere, "
                    + (manifest.metrics().containsKey("calibrationError") ? "" : "no single class, no calibration, ")
                    + "no robustness.");
        } else if (manifest.architecture() instanceof Architecture.Predicting) {
            line("No accuracy was measured.");
        } else if (provenance.stage() == Stage.IMPORTED) {
            line(
                    "Nothing was measured. What the encoder was trained on is not known here, and its licence is that of its"
                            + " origin.");
        } else if (manifest.metrics().containsKey("knn")) {
            line("What the probes measured is of the features, with the labels of labeled images: an encoder knows no"
                    + " classes itself, and how good a classifier becomes of it shows only once it is fine-tuned.");
        } else {
            line("No accuracy was measured: an encoder knows no classes, and how good a classifier becomes of it shows"
                    + " only once it is fine-tuned.");
        }
        line("");
        line("It is made for images like those of its task. For others, measure first.");
        line("");
    }

    private void provenance() {
        line("## Where it comes from");
        line("");
        line("- Stage: " + provenance.stage().text());
        line("- Data set: "
                + (provenance.dataset().isEmpty() ? "unknown" : "`" + provenance.dataset() + "` (fingerprint)"));
        provenance.parent().ifPresent(parent -> line("- Parent: checkpoint `" + parent + "`"));
        provenance.start().ifPresent(start -> line("- Started with the weights of checkpoint `" + start + "`"));
        line("- Seed: " + provenance.seed());
        for (Map.Entry<String, String> version : manifest.versions().entrySet()) {
            line("- Version of " + version.getKey() + ": " + version.getValue());
        }
        line("");
        line("The recipe:");
        line("");
        fenced("json", ManifestJson.pretty(ManifestJson.recipe(provenance.recipe())));
        line("");
        line("`" + Checkpoint.MANIFEST + "` says the same to programs, with the SHA-256 of every file.");
    }

    /** Text of others in one line, with whatever means something to Markdown made to mean itself. */
    private static String plain(String others) {
        return others.replaceAll("\\s+", " ").replaceAll("([\\\\`*_\\[\\]<>|#!&~])", "\\\\$1");
    }

    private void fenced(String language, String block) {
        line("```" + language);
        line(block.strip());
        line("```");
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
