package dev.tutelage.cli.role;

import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.run.Broker;
import dev.tutelage.control.role.HeldRole;
import dev.tutelage.control.role.RoleChange;
import dev.tutelage.control.role.RoleTurn;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.log.NotPublishedException;
import dev.tutelage.platform.trigger.Turn;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands have in common that give a role to a checkpoint. */
final class RoleArguments {
    @Parameters(index = "0", paramLabel = "TASK", description = "The task's name")
    private String task;

    @Parameters(index = "1", paramLabel = "ROLE", description = "teacher or student")
    private HeldRole role;

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "CHECKPOINT",
            description = "Digest of the checkpoint, or as much of its beginning as no other one has")
    private Optional<String> checkpoint;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it is kept with the promotion")
    private Optional<String> reason;

    @Mixin
    private Broker broker;

    Optional<String> checkpoint() {
        return checkpoint;
    }

    Optional<String> reason() {
        return reason;
    }

    /**
     * Says the promotion that is wanted.
     *
     * @return the exit code
     */
    int say(Function<RoleChange, Promoted> wanted) {
        Terminal terminal = Terminal.standard();
        try {
            return broker.attempt(terminal, kafka -> say(kafka, wanted, terminal));
        } catch (IllegalArgumentException e) {
            terminal.fail(e.getMessage());
            return 2;
        }
    }

    private int say(Map<String, Object> kafka, Function<RoleChange, Promoted> wanted, Terminal terminal)
            throws NotPublishedException {
        try (Turn turn = role.turn(Broker.SOURCE, kafka)) {
            AtomicReference<RoleChange> change = new AtomicReference<>();
            Promoted promoted = new RoleTurn(turn, role.role(), this::task).say(known -> {
                change.set(new RoleChange(known, role, Broker.BY));
                return wanted.apply(change.get());
            });
            terminal.say(change.get().story(promoted));
            return 0;
        }
    }

    private TaskLedger task(Ledger ledger) {
        return ledger.task(task)
                .orElseThrow(() -> new IllegalArgumentException("No task '" + task
                        + "' is declared on state directory " + broker.state() + ". There are: "
                        + ledger.tasks().stream().map(TaskLedger::name).collect(Collectors.joining(", "))));
    }
}
