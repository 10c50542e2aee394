package dev.tutelage.cli.machine;

import dev.tutelage.cli.Terminal;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs everything on this machine until it is told to stop. */
@Command(
        name = "up",
        description = "Runs Kafka, an S3 store, the four services and the gateway on this machine until Ctrl-C.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage up --state /data/tutelage --port 8080"})
public final class UpCommand implements Callable<Integer> {
    @Option(
            names = "--state",
            paramLabel = "DIR",
            description =
                    "Directory for everything that is kept; a second `up` goes on from it. Default: ${DEFAULT-VALUE}",
            defaultValue = ".tutelage")
    private Path state;

    @Mixin
    private MachineFlags flags;

    @Mixin
    private GatewayFlags gateway;

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = Terminal.standard();
        try (Machine machine =
                Machine.start(gateway.added(flags.options(state)), status -> terminal.say(status.line()))) {
            terminal.say("");
            terminal.say("The console: " + machine.console().orElseThrow());
            terminal.say("Everything is up. Kafka: " + machine.kafka().get("bootstrap.servers") + ", artifacts: "
                    + machine.store() + ". Ctrl-C stops it; its state stays in "
                    + machine.state().path());
            new CountDownLatch(1).await();
            return 0;
        } catch (MachineException e) {
            terminal.fail(e.getMessage());
            return 1;
        }
    }
}
