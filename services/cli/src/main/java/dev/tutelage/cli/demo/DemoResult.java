package dev.tutelage.cli.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.cli.IndentedJson;
import dev.tutelage.event.v1.CheckpointPublished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the demo has shown.
 *
 * @param supervised the baseline: same labels, same encoder as the teacher, best of its sweep
 * @param softLabels images that the teacher labeled
 * @param events facts on Kafka
 * @param wallSeconds from the start of the first process to the promotion of the student
 * @param peakMemoryBytes largest resident memory of all processes together; 0 where the system does not tell
 * @param onnx where the student's model.onnx is
 * @param manifest where the student's manifest.json is
 * @param secondAct what came of more images and labels, if there were some; models and figures above are those of act one
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record DemoResult(
        long seed,
        Model supervised,
        Model teacher,
        Model student,
        long softLabels,
        long events,
        double wallSeconds,
        long peakMemoryBytes,
        String onnx,
        String manifest,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<SecondAct> secondAct) {

    /** The same after a second act. */
    DemoResult with(SecondAct act) {
        return new DemoResult(
                seed,
                supervised,
                teacher,
                student,
                softLabels,
                events,
                wallSeconds,
                peakMemoryBytes,
                onnx,
                manifest,
                Optional.of(act));
    }

    /**
     * One row of the table.
     *
     * @param top1 on the held-out images, in percent
     * @param parameters that training chose
     * @param seconds of training, those of the checkpoints that it was made from included
     * @param checkpoint digest
     */
    record Model(@JsonProperty("top1") double top1, long parameters, double seconds, String checkpoint) {

        static Model of(CheckpointPublished checkpoint, double seconds) {
            return new Model(
                    checkpoint.getMetricsOrThrow("top1"), checkpoint.getParameters(), seconds, checkpoint.getDigest());
        }
    }

    void writeJson(Path file) throws IOException {
        Files.writeString(file, IndentedJson.of(this) + System.lineSeparator());
    }

    /** The result as a table, a line each. */
    List<String> table() {
        return List.of(
                "",
                String.format(Locale.ROOT, "  %-22s %8s %12s %9s", "", "top-1 %", "parameters", "seconds"),
                row("supervised baseline", supervised),
                row("teacher", teacher),
                row("student", student),
                "",
                String.format(
                        Locale.ROOT,
                        "  top-1 on held-out images, seconds with those of what a model was made from;%n"
                                + "  %,d soft labels, %,d events, %.0f s in all, %.1f GB of memory at most",
                        softLabels,
                        events,
                        wallSeconds,
                        peakMemoryBytes / 1e9),
                "  the student: " + onnx,
                "  its manifest: " + manifest);
    }

    private static String row(String name, Model model) {
        return String.format(
                Locale.ROOT, "  %-22s %8.2f %,12d %9.0f", name, model.top1(), model.parameters(), model.seconds());
    }
}
