package dev.tutelage.cli.run;

import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.remote.GatewayClient;
import dev.tutelage.cli.remote.GatewayException;
import dev.tutelage.control.run.KnownRun;
import dev.tutelage.control.run.KnownRuns;
import dev.tutelage.control.run.RefusedException;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks for a run to end without a result. */
@Command(
        name = "cancel",
        description =
                "Ends a run without a result. One at work stops at its next step and keeps a snapshot, from which a"
                        + " retry goes on; one that waits ends when its turn comes. One that comes to its end before has ended.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage cancel pretrain-4f --reason \"wrong recipe\""})
public final class CancelCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN", description = "The run's id, or how it begins if no other begins so")
    private String run;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for people", defaultValue = "")
    private String reason;

    @Mixin
    private Broker broker;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() throws InterruptedException {
        return broker.attempt(terminal, this::cancel, this::cancel);
    }

    private int cancel(Map<String, Object> kafka) throws RefusedException, NotPublishedException {
        KnownRun known = KnownRuns.read(kafka).find(run);
        try (FactLog log = Broker.log(kafka)) {
            log.publish(List.of(known.cancel(reason, Broker.BY)));
        }
        return done(known.id(), known.request().getTask(), known.stateName());
    }

    private int cancel(GatewayClient gateway) throws GatewayException, InterruptedException {
        RemoteRun known = RemoteRun.find(gateway, run);
        known.ask(gateway, "cancel", Map.of("reason", Optional.of(reason)));
        return done(known.id(), known.task(), known.stateName());
    }

    private int done(String id, String task, String state) {
        terminal.say("Run " + id + " of task " + task + " (" + state + ") is to end");
        return 0;
    }
}
