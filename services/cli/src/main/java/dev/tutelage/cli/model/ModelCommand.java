package dev.tutelage.cli.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tutelage.cli.IndentedJson;
import dev.tutelage.cli.Terminal;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tells what a network consists of, from its description alone: nothing is allocated. */
@Command(
        name = "model",
        description = "Prints the layers of an encoder with its projection head, and how many parameters they have.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage model --depth 152 --width 3 --sk"})
public final class ModelCommand implements Callable<Integer> {

    @Mixin
    private EncoderFlags flags;

    @Option(
            names = "--channels",
            paramLabel = "N",
            description = "Of the images. Default: ${DEFAULT-VALUE}",
            defaultValue = "3")
    private int channels;

    @Option(
            names = "--head-depth",
            paramLabel = "N",
            description = "Layers of the projection head. Default: ${DEFAULT-VALUE}",
            defaultValue = "3")
    private int headDepth;

    @Option(
            names = "--classes",
            paramLabel = "N",
            description = "Of the classifier. Default: ${DEFAULT-VALUE}",
            defaultValue = "1000")
    private int classes;

    @Option(names = "--json", description = "Prints JSON instead of a table")
    private boolean json;

    @Override
    public Integer call() throws JsonProcessingException {
        Terminal terminal = Terminal.standard();
        try {
            ModelSummary summary = ModelSummary.of(flags.encoder(channels), headDepth, classes);
            if (json) {
                terminal.say(IndentedJson.of(summary));
            } else {
                print(summary, terminal);
            }
            return 0;
        } catch (IllegalArgumentException e) {
            terminal.fail(e.getMessage());
            return 2;
        }
    }

    private static void print(ModelSummary summary, Terminal terminal) {
        summary.layers()
                .forEach(layer -> terminal.say(String.format(
                        Locale.ROOT, "%-40s %-20s %,14d", layer.name(), layer.shape(), layer.parameters())));
        terminal.say("");
        terminal.say(String.format(Locale.ROOT, "%-61s %,14d", "encoder", summary.parameters()));
        terminal.say(String.format(Locale.ROOT, "%-61s %,14d", "projection head", summary.headParameters()));
        terminal.say(String.format(Locale.ROOT, "%-61s %,14d", "classifier", summary.classifierParameters()));
    }
}
