package dev.tutelage.cli.backup;

import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.machine.Endpoints;
import dev.tutelage.cli.machine.MachineException;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Copies topics and artifacts to a directory. */
@Command(
        name = "backup",
        description =
                "Copies topics, and the objects that they name, to a directory, while everything runs. A backup takes"
                        + " the place of the one before it, once it is whole; objects that are there are not copied again.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:there is a whole backup",
            "1:there is none, or it is damaged; the message says why",
            "2:the command line is wrong"
        },
        footer = {"", "Example:", "  tutelage backup /mnt/backups", "  tutelage backup --verify /mnt/backups"})
public final class BackupCommand implements Callable<Integer> {
    private static final int SHOWN = 10;

    @Parameters(paramLabel = "DIR", description = "Directory for the backup")
    private Path directory;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "State directory of a running tutelage. Default: ${DEFAULT-VALUE}",
            defaultValue = ".tutelage")
    private Path state;

    @Option(
            names = "--verify",
            description = "Makes no backup, but reads the one that is there from its first to its last byte")
    private boolean verify;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() throws InterruptedException {
        try {
            return verify ? verify() : backUp();
        } catch (IOException | BackupException | MachineException | ArtifactStoreException | KafkaException e) {
            terminal.fail(e.getMessage());
            return 1;
        }
    }

    private int backUp() throws IOException, BackupException, MachineException, InterruptedException {
        Endpoints endpoints = Endpoints.ofRunning(state);
        Backup.Summary made =
                new Backup(endpoints.kafka(), endpoints.artifactStore(), Clock.systemUTC()).into(directory);
        terminal.say(String.format(
                Locale.ROOT,
                "%s: %,d records, %,d objects of %,d bytes, of which %,d of %,d bytes were copied now",
                made.folder(),
                made.records(),
                made.objects(),
                made.bytes(),
                made.copied(),
                made.copiedBytes()));
        made.missing().stream()
                .limit(SHOWN)
                .forEach(digest -> terminal.say("not in the store, though a fact names it: " + digest));
        if (made.missing().size() > SHOWN) {
            terminal.say("and " + (made.missing().size() - SHOWN) + " others");
        }
        return 0;
    }

    private int verify() throws IOException, BackupException {
        BackupCheck found = BackupCheck.of(directory);
        found.problems().forEach(terminal::say);
        terminal.say(found.folder() + " of " + found.manifest().made() + " is "
                + (found.problems().isEmpty()
                        ? "intact"
                        : "damaged in " + found.problems().size() + " places"));
        return found.problems().isEmpty() ? 0 : 1;
    }
}
