package dev.tutelage.cli.role;

import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.remote.GatewayClient;
import dev.tutelage.cli.run.Broker;
import dev.tutelage.control.role.HeldRole;
import dev.tutelage.control.role.RolesByHand;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.log.NotPublishedException;
import dev.tutelage.platform.trigger.Turn;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands have in common that give a role to a checkpoint. */
final class RoleArguments {
    static final String CHECKPOINT = "Digest of the checkpoint, or as much of its beginning as no other one has";

    @Parameters(index = "0", paramLabel = "TASK", description = "The task's name")
    private String task;

    @Parameters(index = "1", paramLabel = "ROLE", description = "teacher or student")
    private HeldRole role;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it is kept with what is said")
    private Optional<String> reason;

    @Mixin
    private Broker broker;

    Optional<String> reason() {
        return reason;
    }

    /**
     * Has something said of who is to have the role.
     *
     * @param saying in a turn of the triggers
     * @param collection of the gateway that it is posted to, such as {@code promotions}
     * @return the exit code
     */
    int say(Optional<String> checkpoint, Saying saying, String collection) throws InterruptedException {
        Terminal terminal = Terminal.standard();
        try {
            return broker.attempt(
                    terminal,
                    kafka -> {
                        try (Turn turn = role.turn(Broker.SOURCE, kafka)) {
                            terminal.say(saying.in(new RolesByHand(turn, role, this::task, Broker.BY))
                                    .done());
                            return 0;
                        }
                    },
                    Broker.strict(gateway -> {
                        terminal.say(gateway.post(path(collection), body(checkpoint))
                                .path("done")
                                .asText());
                        return 0;
                    }));
        } catch (IllegalArgumentException e) {
            terminal.fail(e.getMessage());
            return 2;
        }
    }

    /** What is said in a turn. */
    interface Saying {
        RolesByHand.Done<?> in(RolesByHand turn) throws NotPublishedException;
    }

    private String path(String collection) {
        return "/api/tasks/" + GatewayClient.escaped(task) + "/" + collection;
    }

    private Map<String, Optional<String>> body(Optional<String> checkpoint) {
        return Map.of("role", Optional.of(role.text()), "checkpoint", checkpoint, "reason", reason);
    }

    private TaskLedger task(Ledger ledger) {
        return ledger.task(task)
                .orElseThrow(() -> new IllegalArgumentException("No task '" + task
                        + "' is declared on state directory " + broker.state() + ". There are: "
                        + ledger.tasks().stream().map(TaskLedger::name).collect(Collectors.joining(", "))));
    }
}
