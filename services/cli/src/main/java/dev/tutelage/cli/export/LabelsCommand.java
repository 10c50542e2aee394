package dev.tutelage.cli.export;

import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.machine.Endpoints;
import dev.tutelage.cli.machine.MachineException;
import dev.tutelage.cli.remote.GatewayClient;
import dev.tutelage.cli.remote.GatewayException;
import dev.tutelage.cli.remote.Server;
import dev.tutelage.control.softlabel.LabelSink;
import dev.tutelage.control.softlabel.SoftLabelExport;
import dev.tutelage.control.softlabel.SoftLabelQuery;
import dev.tutelage.event.Topic;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.ledger.TaskLedger;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings soft labels out of the system, for other programs to use. */
@Command(
        name = "labels",
        description =
                "Writes what a teacher thinks of a task's unlabeled images, for other programs: as CSV, as Parquet, or as"
                        + " WebDataset tars with the images. Every byte that is read is verified. Equal images are"
                        + " written once; those that are held out or cannot be used have no soft labels.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage labels fashion --format csv --output labels.csv --min-confidence 0.9"})
public final class LabelsCommand implements Callable<Integer> {
    private static final Set<Topic> TOPICS = EnumSet.of(
            Topic.TASKS, Topic.SHARDS, Topic.CHECKPOINTS, Topic.PROMOTIONS, Topic.SOFT_LABELS, Topic.EXPIRATIONS);

    @Parameters(paramLabel = "TASK", description = "The task's name")
    private String task;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            required = true,
            description =
                    "csv: one file, a line an image; parquet: one file, a row an image; webdataset: a directory of"
                            + " tars, one a shard, of each image with .cls (the likeliest class) and .json (all"
                            + " probabilities)")
    private LabelFormat format;

    @Option(
            names = "--output",
            paramLabel = "PATH",
            required = true,
            description = "File or directory to write, which must not be there yet")
    private Path output;

    @Option(
            names = "--teacher",
            paramLabel = "CHECKPOINT",
            description =
                    "Digest of the teacher, or as much of its beginning as no other one has. Default: the one that"
                            + " is it now")
    private Optional<String> teacher;

    @Option(
            names = "--min-confidence",
            paramLabel = "P",
            defaultValue = "0",
            description = "Only images whose likeliest class is at least so likely, 0 to 1. Default: all")
    private double minConfidence;

    @Option(names = "--class", paramLabel = "NAME", description = "Only images of which this class is the likeliest")
    private Optional<String> likeliest;

    @Mixin
    private Server server;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() throws InterruptedException {
        try {
            Optional<GatewayClient> gateway = server.given();
            SoftLabelQuery query = new SoftLabelQuery(teacher, minConfidence, likeliest);
            long written = gateway.isPresent() ? ask(gateway.get()) : write(query);
            terminal.say(String.format("%,d soft labels of task '%s' are in %s", written, task, output));
            return 0;
        } catch (IllegalArgumentException e) {
            terminal.fail(e.getMessage());
            return 2;
        } catch (FileAlreadyExistsException e) {
            terminal.fail("There is something at " + e.getFile() + " already. Name another output, or remove it");
            return 2;
        } catch (GatewayException e) {
            terminal.fail(e.getMessage());
            return e.isRefusal() ? 2 : 1;
        } catch (IOException | MachineException | ArtifactStoreException | KafkaException e) {
            terminal.fail(e.getMessage());
            return 1;
        }
    }

    private long write(SoftLabelQuery query) throws IOException, MachineException {
        Endpoints endpoints = Endpoints.ofRunning(server.state());
        TaskLedger known = new DeclaredTask(task, server.state()).read(endpoints.kafka(), TOPICS);
        return write(SoftLabelExport.of(known, query), endpoints.artifactStore());
    }

    private long ask(GatewayClient gateway) throws GatewayException, IOException, InterruptedException {
        Map<String, Optional<String>> query = new TreeMap<>();
        query.put("teacher", teacher);
        query.put("min_confidence", Optional.of(Double.toString(minConfidence)));
        query.put("class", likeliest);
        query.put("format", Optional.of(format.text()));
        return format.receive(
                gateway,
                "/api/tasks/" + GatewayClient.escaped(task) + "/soft-labels/export" + GatewayClient.query(query),
                output);
    }

    private long write(SoftLabelExport export, ArtifactStore store) throws IOException {
        try (LabelSink sink = format.open(output, export.classes(), store)) {
            return export.write(
                    store, sink, written -> terminal.progress(String.format("%,d soft labels written", written)));
        }
    }
}
