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
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
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
     * Says the promotion that is wanted.
     *
     * @return the exit code
     */
    int say(Function<RoleChange, Promoted> wanted) {
        return inTurn(turn -> {
            AtomicReference<RoleChange> change = new AtomicReference<>();
            Promoted promoted = turn.say(known -> {
                change.set(new RoleChange(known, role, Broker.BY));
                return wanted.apply(change.get());
            });
            return change.get().story(promoted);
        });
    }

    /**
     * Says the rejection that is wanted, unless it was said before.
     *
     * @return the exit code
     */
    int reject(String checkpoint) {
        return inTurn(turn -> {
            AtomicReference<RoleChange> change = new AtomicReference<>();
            RoleTurn.Rejection rejection = turn.reject(known -> {
                change.set(new RoleChange(known, role, Broker.BY));
                return change.get().reject(checkpoint, reason);
            });
            return change.get().story(rejection.judged());
        });
    }

    /** What is said in a turn; it returns what is told to people. */
    private interface Saying {
        String in(RoleTurn turn) throws NotPublishedException;
    }

    private int inTurn(Saying saying) {
        Terminal terminal = Terminal.standard();
        try {
            return broker.attempt(terminal, kafka -> {
                try (Turn turn = role.turn(Broker.SOURCE, kafka)) {
                    terminal.say(saying.in(new RoleTurn(turn, role.role(), this::task)));
                    return 0;
                }
            });
        } catch (IllegalArgumentException e) {
            terminal.fail(e.getMessage());
            return 2;
        }
    }

    private TaskLedger task(Ledger ledger) {
        return ledger.task(task)
                .orElseThrow(() -> new IllegalArgumentException("No task '" + task
                        + "' is declared on state directory " + broker.state() + ". There are: "
                        + ledger.tasks().stream().map(TaskLedger::name).collect(Collectors.joining(", "))));
    }
}
