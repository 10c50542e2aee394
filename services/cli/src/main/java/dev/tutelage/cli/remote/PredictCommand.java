package dev.tutelage.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks the student what images show. */
@Command(
        name = "predict",
        description = "Asks a task's student what images show.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage predict fashion-mnist shoe.png bag.jpg"})
public final class PredictCommand extends RemoteCommand {
    private static final int SHOWN = 3;

    @Parameters(index = "0", paramLabel = "TASK", description = "The task's name")
    private String task;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "IMAGE", description = "PNG, JPEG or WebP files")
    private List<Path> images;

    @Option(
            names = "--checkpoint",
            paramLabel = "CHECKPOINT",
            description = "Digest of a classifier to ask instead, or as much of its beginning as no other one has")
    private Optional<String> checkpoint;

    @Override
    Said ask(GatewayClient gateway) throws GatewayException, InterruptedException {
        String path = "/api/tasks/" + GatewayClient.escaped(task) + "/predict"
                + GatewayClient.query(Map.of("checkpoint", checkpoint));
        List<JsonNode> answers = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (Path image : images) {
            JsonNode answer = gateway.post(path, image, "application/octet-stream", Map.of());
            answers.add(answer);
            lines.add(image + "  " + likeliest(answer));
        }
        return new Said(answers, lines);
    }

    private static String likeliest(JsonNode answer) {
        return StreamSupport.stream(answer.path("classes").spliterator(), false)
                .limit(SHOWN)
                .map(each -> String.format(
                        Locale.ROOT,
                        "%s %.1f %%",
                        each.path("name").asText(),
                        100 * each.path("probability").asDouble()))
                .collect(Collectors.joining(", "));
    }
}
