package dev.tutelage.cli.data;

import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.machine.Allocator;
import dev.tutelage.cli.machine.MachineFlags;
import dev.tutelage.cli.machine.TrainingProcess;
import dev.tutelage.learning.data.ClassNames;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.PackedImages;
import dev.tutelage.learning.data.RejectionLimit;
import dev.tutelage.learning.data.SourceFormat;
import dev.tutelage.learning.program.PackShards;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Packs images that lie about in one of the usual formats into shards. */
@Command(
        name = "pack",
        description = "Packs images into shards: WebDataset tars, which can be added to a task.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Formats: a folder of images, with a folder for each class or without; IDX, as MNIST has it; the binary"
                    + " versions of CIFAR-10 and CIFAR-100; a table (CSV) with the columns path, label and split; tars.",
            "",
            "Example:",
            "  tutelage pack photographs --classes wren,robin --image 3x64x64 --to shards"
        })
public final class PackCommand implements Callable<Integer> {

    @Parameters(paramLabel = "SOURCE", description = "The file or folder that the images are in")
    private Path source;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "Of the source: ${COMPLETION-CANDIDATES}. Default: what its name tells")
    private Optional<SourceFormat> format;

    @Option(
            names = "--classes",
            split = ",",
            paramLabel = "NAME",
            description = "The task's classes, in its order. Without them the shards have no labels")
    private List<String> classes = List.of();

    @Option(
            names = "--image",
            required = true,
            paramLabel = "CxHxW",
            description = "The shape of the task's images, such as 3x32x32")
    private String image;

    @Option(names = "--to", required = true, paramLabel = "DIR", description = "Where the shards are written")
    private Path directory;

    @Option(
            names = "--shard-size",
            paramLabel = "N",
            description = "Images in a shard. Default: ${DEFAULT-VALUE}",
            defaultValue = "1000")
    private int shardSize;

    @Option(names = "--split", paramLabel = "NAME", description = "The part of a table, or of CIFAR, that is wanted")
    private Optional<String> split;

    @Option(
            names = "--max-rejected",
            paramLabel = "N|P%",
            description = "How many images may be unusable, as a number or in percent. Default: 1%%",
            defaultValue = "1%")
    private String maxRejected;

    @Option(
            names = "--resize",
            description = "Writes images of another size as PNG of the task's; otherwise they stay as they are, and are"
                    + " brought to it whenever they are read")
    private boolean resize;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of the order of a folder or table. Default: ${DEFAULT-VALUE}",
            defaultValue = "1")
    private long seed;

    @Option(names = "--json", description = "Prints JSON instead of text")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = Terminal.standard();
        try {
            PackShards.Request request = request();
            String line = new TrainingProcess(MachineFlags.home(), Allocator.AUTO)
                    .run(PackShards.class, List.of(request.json()));
            return tell(PackShards.Answer.ofJson(line), request, terminal);
        } catch (IllegalArgumentException e) {
            terminal.fail(e.getMessage());
            return 2;
        } catch (IOException e) {
            terminal.fail(e.getMessage());
            return 1;
        }
    }

    private PackShards.Request request() throws IOException {
        if (!classes.isEmpty()) {
            classes = new ClassNames(classes).names();
        }
        RejectionLimit.parse(maxRejected);
        if (shardSize < 1) {
            throw new IllegalArgumentException("--shard-size is " + shardSize + ": a shard holds 1 image or more");
        }
        Path place = source.toAbsolutePath().normalize();
        return new PackShards.Request(
                place.toString(),
                format.isPresent() ? format.get() : SourceFormat.guess(place),
                split,
                classes,
                ImageShape.parse(image),
                directory.toAbsolutePath().normalize().toString(),
                shardSize,
                maxRejected,
                resize,
                seed);
    }

    private int tell(PackShards.Answer answer, PackShards.Request request, Terminal terminal) {
        if (answer.packed().isEmpty()) {
            terminal.fail(answer.failure().orElse("the packing told nothing"));
            return 1;
        }
        PackedImages packed = answer.packed().get();
        if (json) {
            terminal.say(PackShards.json(packed));
        } else {
            PackReport.lines(packed, request).forEach(terminal::say);
        }
        return 0;
    }
}
