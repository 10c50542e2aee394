package dev.tutelage.cli.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import dev.tutelage.cli.machine.LoneMachine;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.run.Broker;
import dev.tutelage.control.role.RoleTurn;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.ledger.Ledger;
import dev.tutelage.platform.ledger.TaskLedger;
import dev.tutelage.platform.log.FactReader;
import dev.tutelage.platform.log.NotPublishedException;
import dev.tutelage.platform.trigger.Turn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A person and a trigger who give a role at the same time, on a real broker. */
@Timeout(120)
class RoleTurnTest {
    private static final EnumSet<Topic> TOPICS = EnumSet.of(Topic.TASKS, Topic.PROMOTIONS);
    private static final String TASK = "birds";

    @Test
    void whoIsInterruptedByATriggerDecidesAgainOnWhatTheTriggerSaid(@TempDir Path directory) throws Exception {
        try (Machine machine = Machine.start(LoneMachine.withoutServices(directory), status -> {});
                Turn person = turn(machine);
                Turn trigger = turn(machine)) {
            say(trigger, TaskDeclared.newBuilder().setTask(TASK).build());
            List<String> holders = new ArrayList<>();
            Promoted said = new RoleTurn(person, Role.ROLE_TEACHER, RoleTurnTest::birds).say(known -> {
                holders.add(holder(known));
                if (holders.size() == 1) {
                    say(trigger, promotion("", "aa"));
                }
                return promotion(holder(known), "bb");
            });

            assertThat(holders).containsExactly("", "aa");
            assertThat(said.getPrevious()).isEqualTo("aa");
            List<Message> promotions = new ArrayList<>();
            try (FactReader reader = new FactReader(machine.kafka(), EnumSet.of(Topic.PROMOTIONS))) {
                reader.readToEnd(placed -> promotions.add(placed.fact().payload()));
            }
            assertThat(promotions).containsExactly(promotion("", "aa"), promotion("aa", "bb"));
        }
    }

    /** As a trigger does: if another has taken the turn meanwhile, the next one is waited for. */
    private static void say(Turn turn, Message fact) {
        await().pollDelay(Duration.ZERO).until(() -> {
            try {
                if (!turn.take(Map.of(), placed -> {})) {
                    return false;
                }
                turn.say(List.of(fact));
                return true;
            } catch (NotPublishedException e) {
                return false;
            }
        });
    }

    private static Turn turn(Machine machine) {
        return Turn.of("fine-tuner", Broker.SOURCE, machine.kafka(), TOPICS);
    }

    private static TaskLedger birds(Ledger ledger) {
        return ledger.task(TASK).orElseThrow();
    }

    private static String holder(TaskLedger task) {
        return task.holder(Role.ROLE_TEACHER).map(Promoted::getCheckpoint).orElse("");
    }

    private static Promoted promotion(String from, String checkpoint) {
        return Promoted.newBuilder()
                .setTask(TASK)
                .setRole(Role.ROLE_TEACHER)
                .setPrevious(from)
                .setCheckpoint(checkpoint)
                .build();
    }
}
