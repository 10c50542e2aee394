package dev.tutelage.cli.task;

import dev.tutelage.cli.remote.GatewayClient;
import dev.tutelage.cli.remote.GatewayException;
import dev.tutelage.cli.run.Broker;
import dev.tutelage.control.run.RefusedException;
import dev.tutelage.control.task.TaskPause;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.NotPublishedException;
import java.util.Map;
import java.util.Optional;

/**
 * That a task pauses or goes on.
 *
 * @param paused false: it goes on
 */
record Pausing(String task, boolean paused, String reason) {

    /** Says it; returns whether it is news. */
    boolean say(Map<String, Object> kafka) throws RefusedException, NotPublishedException {
        try (FactLog log = Broker.log(kafka)) {
            return new TaskPause(kafka, log, Broker.BY).say(task, paused, reason);
        }
    }

    /** Has it said; returns whether it is news. */
    boolean ask(GatewayClient gateway) throws GatewayException, InterruptedException {
        String path = "/api/tasks/" + GatewayClient.escaped(task) + (paused ? "/pause" : "/resume");
        return gateway.post(path, Map.of("reason", Optional.of(reason)))
                .path("changed")
                .asBoolean();
    }
}
