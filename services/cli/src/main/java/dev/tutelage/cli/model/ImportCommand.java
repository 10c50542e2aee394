package dev.tutelage.cli.model;

import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.ingest.CheckpointUpload;
import dev.tutelage.cli.machine.Allocator;
import dev.tutelage.cli.machine.Endpoints;
import dev.tutelage.cli.machine.MachineException;
import dev.tutelage.cli.machine.MachineFlags;
import dev.tutelage.cli.machine.TrainingProcess;
import dev.tutelage.cli.run.Broker;
import dev.tutelage.control.task.TaskRegistry;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.format.EncoderImport;
import dev.tutelage.learning.format.ForeignEncoder;
import dev.tutelage.learning.format.Normalization;
import dev.tutelage.learning.model.ProjectionHead;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.program.ImportEncoder;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Makes a pretrained checkpoint of an encoder that was trained elsewhere. */
@Command(
        name = "import",
        description =
                "Makes a pretrained checkpoint of an encoder from elsewhere: a safetensors file with torchvision's"
                        + " names. The projection head is fresh; a classifier in the file is left out.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example, torchvision's ResNet-50:",
            "  tutelage import resnet50.safetensors --depth 50 --image 3x224x224 \\",
            "    --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225 --to resnet50"
        })
public final class ImportCommand implements Callable<Integer> {
    private static final String NO_TASK = "imported";
    /** Left-out tensors that are named. */
    private static final int NAMED = 6;

    @Parameters(paramLabel = "FILE", description = "The safetensors file")
    private Path file;

    @Mixin
    private EncoderFlags flags;

    @Option(
            names = "--image",
            paramLabel = "CxHxW",
            required = true,
            converter = ShapeConverter.class,
            description = "Channels, height and width of the images that it will be used on, such as 3x224x224")
    private ImageShape image;

    @Option(names = "--to", paramLabel = "DIR", required = true, description = "Directory of the checkpoint")
    private Path directory;

    @Option(
            names = "--task",
            paramLabel = "NAME",
            description = "Publishes the checkpoint for this task too, on the machine of --state; fine-tuning it begins"
                    + " by itself")
    private Optional<String> task;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "State directory of a running tutelage, for --task. Default: ${DEFAULT-VALUE}",
            defaultValue = ".tutelage")
    private Path state;

    @Option(
            names = "--mean",
            paramLabel = "X",
            split = ",",
            description = "What the encoder expects to be taken from each channel of images with values 0 to 1, and by"
                    + " which the rest is divided (--std). It becomes part of the weights. Default: nothing")
    private List<Double> mean = List.of();

    @Option(names = "--std", paramLabel = "X", split = ",", description = "See --mean")
    private List<Double> deviation = List.of();

    @Option(
            names = "--head-depth",
            paramLabel = "N",
            description = "Layers of the fresh projection head. Default: ${DEFAULT-VALUE}",
            defaultValue = "3")
    private int headDepth;

    @Option(
            names = "--head-width",
            paramLabel = "N",
            description = "Width of its projections. Default: ${DEFAULT-VALUE}",
            defaultValue = "128")
    private int headWidth;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of the head's weights. Default: ${DEFAULT-VALUE}",
            defaultValue = "1")
    private long seed;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() throws InterruptedException {
        try {
            if (task.isPresent()) {
                importFor(task.get(), Endpoints.ofRunning(state));
            } else {
                convert(NO_TASK);
            }
            return 0;
        } catch (IllegalArgumentException e) {
            terminal.fail(e.getMessage());
            return 2;
        } catch (NoSuchFileException e) {
            terminal.fail("there is no file " + e.getMessage());
        } catch (IOException | MachineException | NotPublishedException | ArtifactStoreException | KafkaException e) {
            terminal.fail(e.getMessage());
        }
        return 1;
    }

    private void importFor(String name, Endpoints endpoints)
            throws IOException, InterruptedException, NotPublishedException {
        try (FactLog log = Broker.log(endpoints.kafka())) {
            // Before the conversion, which may take a while.
            requireTask(name, new TaskRegistry(endpoints.kafka(), log).find(name));
            convert(name);
            new CheckpointUpload(endpoints.artifactStore(), log).add(directory);
        }
        terminal.say("It is published for task '" + name + "'; it is fine-tuned once there are enough labels");
    }

    private void requireTask(String name, Optional<TaskDeclared> declared) {
        dev.tutelage.event.v1.ImageShape shape = declared.orElseThrow(() ->
                        new IllegalArgumentException("No task '" + name + "' is declared on state directory " + state))
                .getImage();
        ImageShape wanted = new ImageShape(shape.getChannels(), shape.getHeight(), shape.getWidth());
        if (!wanted.equals(image)) {
            throw new IllegalArgumentException(
                    "The images of task '" + name + "' are " + wanted + ", not " + image + ". Give --image " + wanted);
        }
    }

    private void convert(String task) throws IOException, InterruptedException {
        ResNet encoder = flags.encoder(image.channels());
        ForeignEncoder found = ForeignEncoder.find(file, encoder);
        if (!found.leftOut().isEmpty()) {
            terminal.say("Left out, as no part of the encoder: " + leftOut(found.leftOut()));
        }
        EncoderImport settings = new EncoderImport(
                task,
                image,
                encoder,
                normalization(),
                new ProjectionHead(encoder.outputWidth(), headDepth, headWidth),
                seed);
        String digest = new TrainingProcess(MachineFlags.home(), Allocator.AUTO)
                .run(
                        ImportEncoder.class,
                        List.of(
                                file.toAbsolutePath().toString(),
                                directory.toAbsolutePath().toString(),
                                settings.toJson()));
        terminal.say("Checkpoint " + digest + " is in " + directory);
    }

    private Normalization normalization() {
        return mean.isEmpty() && deviation.isEmpty()
                ? Normalization.none(image.channels())
                : new Normalization(mean, deviation).requireChannels(image.channels());
    }

    private static String leftOut(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(NAMED, names.size())))
                + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " others" : "");
    }

    /** Reads shapes as people write them, such as 3x224x224. */
    static final class ShapeConverter implements ITypeConverter<ImageShape> {
        @Override
        public ImageShape convert(String text) {
            try {
                return ImageShape.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
