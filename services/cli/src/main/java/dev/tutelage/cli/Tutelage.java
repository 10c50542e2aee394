package dev.tutelage.cli;

import dev.tutelage.cli.access.KeysCommand;
import dev.tutelage.cli.backup.BackupCommand;
import dev.tutelage.cli.backup.RestoreCommand;
import dev.tutelage.cli.bench.BenchCommand;
import dev.tutelage.cli.chaos.ChaosCommand;
import dev.tutelage.cli.data.PackCommand;
import dev.tutelage.cli.demo.DemoCommand;
import dev.tutelage.cli.doctor.DoctorCommand;
import dev.tutelage.cli.experiment.ExperimentsCommand;
import dev.tutelage.cli.export.ExportCommand;
import dev.tutelage.cli.export.LabelsCommand;
import dev.tutelage.cli.gc.GcCommand;
import dev.tutelage.cli.ingest.IngestCommand;
import dev.tutelage.cli.letter.DeadLettersCommand;
import dev.tutelage.cli.machine.UpCommand;
import dev.tutelage.cli.model.ImportCommand;
import dev.tutelage.cli.model.ModelCommand;
import dev.tutelage.cli.model.ViewsCommand;
import dev.tutelage.cli.remote.ModelsCommand;
import dev.tutelage.cli.remote.PredictCommand;
import dev.tutelage.cli.remote.RunsCommand;
import dev.tutelage.cli.remote.ShardsCommand;
import dev.tutelage.cli.remote.TasksCommand;
import dev.tutelage.cli.remote.UploadCommand;
import dev.tutelage.cli.role.PromoteCommand;
import dev.tutelage.cli.role.RejectCommand;
import dev.tutelage.cli.role.RollbackCommand;
import dev.tutelage.cli.run.CancelCommand;
import dev.tutelage.cli.run.RetryCommand;
import dev.tutelage.cli.task.DeclareCommand;
import dev.tutelage.cli.task.PauseCommand;
import dev.tutelage.cli.task.ResumeCommand;
import dev.tutelage.cli.topic.TopicsCommand;
import dev.tutelage.cli.verify.VerifyCommand;
import dev.tutelage.cli.why.WhyCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of Tutelage. */
@Command(
        name = "tutelage",
        description = "Continuous semi-supervised vision learning: SimCLRv2 as Kafka microservices.",
        mixinStandardHelpOptions = true,
        versionProvider = Tutelage.Version.class,
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            DoctorCommand.class,
            PackCommand.class,
            DeclareCommand.class,
            IngestCommand.class,
            ImportCommand.class,
            ExportCommand.class,
            LabelsCommand.class,
            TasksCommand.class,
            ShardsCommand.class,
            RunsCommand.class,
            ModelsCommand.class,
            PredictCommand.class,
            UploadCommand.class,
            ModelCommand.class,
            ViewsCommand.class,
            CancelCommand.class,
            RetryCommand.class,
            DeadLettersCommand.class,
            WhyCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            VerifyCommand.class,
            PromoteCommand.class,
            RejectCommand.class,
            RollbackCommand.class,
            ChaosCommand.class,
            TopicsCommand.class,
            KeysCommand.class,
            GcCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            BenchCommand.class,
            ExperimentsCommand.class,
            CompletionCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all went well",
            "1:something failed; the message says what",
            "2:the command line is wrong",
            "3:some images could not be used; the others are in",
            "130:stopped by Ctrl-C",
            "143:stopped by SIGTERM"
        })
public final class Tutelage {

    private static final int STOPPED = 130;

    private Tutelage() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** All commands. */
    public static CommandLine commandLine() {
        return new CommandLine(new Tutelage())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> exitCode(failure));
    }

    /** Commands tell of their failures themselves. Being stopped is none, and anything else is a fault of ours. */
    private static int exitCode(Exception failure) throws Exception {
        if (failure instanceof InterruptedException) {
            return STOPPED;
        }
        throw failure;
    }

    /** The version of this build. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Tutelage.class.getPackage().getImplementationVersion();
            return new String[] {"tutelage " + (version == null ? "(not packaged)" : version)};
        }
    }
}
