package dev.tutelage.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.remote.GatewayClient;
import dev.tutelage.cli.remote.GatewayException;
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
    public Integer call() throws InterruptedException {
        return broker.attempt(terminal, this::retry, this::retry);
    }

    private int retry(Map<String, Object> kafka) throws RefusedException, NotPublishedException {
        KnownRun known = KnownRuns.read(kafka).find(run);
        try (FactLog log = Broker.log(kafka)) {
            log.publish(known.askAgain());
        }
        return done(known.id(), known.request().getTask(), known.request().getRetry() + 1);
    }

    private int retry(GatewayClient gateway) throws GatewayException, InterruptedException {
        RemoteRun known = RemoteRun.find(gateway, run);
        JsonNode asked = known.ask(gateway, "retry", Map.of());
        return done(known.id(), known.task(), asked.path("retry").asInt());
    }

    private int done(String id, String task, int retry) {
        terminal.say("Run " + id + " of task " + task + " was asked for again (retry " + retry + ")");
        return 0;
    }
}
