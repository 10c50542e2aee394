package dev.tutelage.cli.model;

import dev.tutelage.cli.SampleFiles;
import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.machine.Allocator;
import dev.tutelage.cli.machine.MachineFlags;
import dev.tutelage.cli.machine.TrainingProcess;
import dev.tutelage.learning.program.ContactSheet;
import dev.tutelage.learning.recipe.InvalidRecipeException;
import dev.tutelage.learning.recipe.Recipes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Draws what pretraining sees, so that a person can judge it. */
@Command(
        name = "views",
        description = "Draws images of the sample beside the views that pretraining makes of them.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage views --preset simclrv2-cifar --color --out views.png"})
public final class ViewsCommand implements Callable<Integer> {

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description = "Of pretraining. Default: ${DEFAULT-VALUE}",
            defaultValue = "quick")
    private String preset;

    @Option(names = "--color", description = "Makes a colour image of three grey ones, for the sample has none")
    private boolean color;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The PNG to write. Default: ${DEFAULT-VALUE}",
            defaultValue = "views.png")
    private Path out;

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = Terminal.standard();
        SampleFiles samples = SampleFiles.ofBuild();
        try {
            Recipes.PRETRAIN.preset(preset);
            terminal.say(new TrainingProcess(MachineFlags.home(), Allocator.AUTO)
                    .run(
                            ContactSheet.class,
                            List.of(
                                    samples.testImages().toString(),
                                    samples.testLabels().toString(),
                                    preset,
                                    out.toAbsolutePath().toString(),
                                    color ? "color" : "gray")));
            return 0;
        } catch (InvalidRecipeException e) {
            terminal.fail(e.getMessage());
            return 2;
        } catch (IOException e) {
            terminal.fail(e.getMessage());
            return 1;
        }
    }
}
