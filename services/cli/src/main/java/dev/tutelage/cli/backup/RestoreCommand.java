package dev.tutelage.cli.backup;

import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineException;
import dev.tutelage.cli.machine.MachineFlags;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts a backup into a new state directory. */
@Command(
        name = "restore",
        description =
                "Restores a backup into a state directory that is new or empty, with the broker and the store alone"
                        + " running, and reads everything back. Then start everything with tutelage up.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:everything is restored", "1:it is not; the message says why", "2:the command line is wrong"},
        footer = {"", "Example:", "  tutelage restore /mnt/backups --state .restored && tutelage up --state .restored"})
public final class RestoreCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "Directory with the backup")
    private Path directory;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "State directory to restore into. Default: ${DEFAULT-VALUE}",
            defaultValue = ".tutelage")
    private Path state;

    @Mixin
    private MachineFlags flags;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() throws InterruptedException {
        try {
            // Before anything starts: a backup that is no good leaves no state directory behind.
            BackupCheck.of(directory).requireIntact();
            try (Machine machine = Machine.start(flags.options(state).withServices(List.of()), status -> {})) {
                new Restore(machine.kafka(), machine.artifactStore(), terminal::sayTimed).from(directory);
            }
            terminal.say("Restored. Go on with: tutelage up --state " + state);
            return 0;
        } catch (IOException | BackupException | MachineException | ArtifactStoreException | KafkaException e) {
            terminal.fail(e.getMessage());
            return 1;
        }
    }
}
