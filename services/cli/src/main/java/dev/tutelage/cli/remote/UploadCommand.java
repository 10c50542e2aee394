package dev.tutelage.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tutelage.learning.data.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends images to a gateway. */
@Command(
        name = "upload",
        description =
                "Sends images, zips and tars to a gateway. When it ends well they are stored and said; what was sent"
                        + " before with the same terms is in once.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage upload fashion-mnist day.zip --labeled"})
public final class UploadCommand extends RemoteCommand {
    @Parameters(index = "0", paramLabel = "TASK", description = "The task's name")
    private String task;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Images, .zip, .tar, .tar.gz or .tgz")
    private List<Path> files;

    @Option(names = "--label", paramLabel = "CLASS", description = "The class that all of the images show")
    private Optional<String> label;

    @Option(names = "--labeled", description = "Labels are the .cls of a tar, or else the first folder on the path")
    private boolean labeled;

    @Option(
            names = "--split",
            paramLabel = "SPLIT",
            description = "train, or held_out for images that checkpoints are evaluated on. Default: train")
    private Optional<String> split;

    @Override
    Said ask(GatewayClient gateway) throws GatewayException, InterruptedException {
        Map<String, Optional<String>> terms = new TreeMap<>(
                Map.of("label", label, "labeled", Optional.of("true").filter(yes -> labeled), "split", split));
        String path = "/api/tasks/" + GatewayClient.escaped(task) + "/images" + GatewayClient.query(terms);
        List<JsonNode> answers = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (Path file : files) {
            JsonNode answer = gateway.post(path, file, mediaType(file), Map.of("Idempotency-Key", key(path, file)));
            answers.add(answer);
            lines.add(String.format(
                    "%s  %,d images are in, %,d cannot be used",
                    file,
                    answer.path("accepted").asInt(),
                    answer.path("refused").asInt()));
            answer.path("problems")
                    .forEach(problem -> lines.add("  " + problem.path("detail").asText()));
        }
        return new Said(answers, lines);
    }

    /** The same for the same bytes with the same terms. */
    private static String key(String path, Path file) throws GatewayException {
        try {
            return "cli/" + Sha256.of((path + "#" + Sha256.of(file)).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new GatewayException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static String mediaType(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".zip")) {
            return "application/zip";
        } else if (name.endsWith(".tar") || name.endsWith(".tar.gz") || name.endsWith(".tgz")) {
            return "application/x-tar";
        }
        return "application/octet-stream";
    }
}
