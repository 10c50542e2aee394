package dev.tutelage.cli.run;

import dev.tutelage.cli.Terminal;
import dev.tutelage.control.run.KnownRun;
import dev.tutelage.control.run.KnownRuns;
import dev.tutelage.control.run.RefusedException;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Asks for a run again that has ended without a result. */
@Command(
        name = "retry",
        description =
                "Asks again for a run that has failed or was cancelled. It goes on from its newest snapshot, if it has"
                        + " one, and has all its attempts anew.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  tutelage retry pretrain-4f"})
public final class RetryCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN", description = "The run's id, or how it begins if no other begins so")
    private String run;

    @Mixin
    private Broker broker;

    private final Terminal terminal = Terminal.standard();

    @Override
    public Integer call() {
        return broker.attempt(terminal, this::retry);
    }

    private int retry(Map<String, Object> kafka) throws RefusedException, NotPublishedException {
        KnownRun known = KnownRuns.read(kafka).find(run);
        try (FactLog log = Broker.log(kafka)) {
            log.publish(known.askAgain());
        }
        terminal.say("Run " + known.id() + " of task " + known.request().getTask() + " was asked for again (retry "
                + (known.request().getRetry() + 1) + ")");
        return 0;
    }
}
