package dev.tutelage.cli.why;

import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.run.Broker;
import dev.tutelage.cli.run.RemoteRun;
import dev.tutelage.control.why.RunStory;
import dev.tutelage.control.why.RunTale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Tells why a run was asked for. */
@Command(
        name = "why",
        description = "Tells why a run was asked for: the reason, the facts that led to it, how far it has come, and"
                + " what took whose place.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage why pretrain-4f"})
public final class WhyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN", description = "The run's id, or how it begins if no other begins so")
    private String run;

    @Mixin
    private Broker broker;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() throws InterruptedException {
        return broker.attempt(
                terminal,
                kafka -> tell(RunStory.read(kafka, run)),
                gateway -> tell(RemoteRun.find(gateway, run).tale()));
    }

    private int tell(RunTale tale) {
        RunStory.lines(tale).forEach(terminal::say);
        return 0;
    }
}
