package dev.tutelage.cli.export;

import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.format.Manifest;
import dev.tutelage.learning.format.Onnx;
import java.util.List;

/**
 * A classifier as the Triton Inference Server is told of it. Batches are the server's business: it makes them of requests that
 * come within two milliseconds, and the model takes any number of images.
 */
record TritonModel(String digest, Manifest manifest) {
    static final String LABELS = "labels.txt";
    private static final int LARGEST_BATCH = 64;
    private static final int DELAY_MICROSECONDS = 2000;

    /** The configuration, in protobuf's text format. */
    String config() {
        ImageShape images = manifest.provenance().images();
        return """
                name: "%s"
                platform: "onnxruntime_onnx"
                max_batch_size: %d
                input [
                  {
                    name: "%s"
                    data_type: TYPE_FP32
                    dims: [ %d, %d, %d ]
                  }
                ]
                output [
                  {
                    name: "%s"
                    data_type: TYPE_FP32
                    dims: [ %d ]
                    label_filename: "%s"
                  }
                ]
                dynamic_batching {
                  max_queue_delay_microseconds: %d
                }
                parameters [
                  {
                    key: "checkpoint"
                    value: { string_value: "%s" }
                  }
                ]
                """.formatted(
                        manifest.provenance().task(),
                        LARGEST_BATCH,
                        Onnx.INPUT,
                        images.channels(),
                        images.height(),
                        images.width(),
                        Onnx.LOGITS,
                        classes().size(),
                        LABELS,
                        DELAY_MICROSECONDS,
                        digest);
    }

    /** The names of the classes, one a line, in the order of the logits. */
    String labels() {
        return String.join("\n", classes()) + "\n";
    }

    private List<String> classes() {
        return manifest.provenance().classes();
    }
}
