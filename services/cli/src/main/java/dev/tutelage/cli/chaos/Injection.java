package dev.tutelage.cli.chaos;

import com.google.protobuf.Message;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.ProcessStatus;
import dev.tutelage.cli.network.Network;
import dev.tutelage.cli.network.StoreProxy.Mischief;
import dev.tutelage.cli.network.StoreProxy.Mood;
import dev.tutelage.cli.network.Weather;
import dev.tutelage.event.Fact;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.RunRequested;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.FactReader;
import dev.tutelage.platform.log.NotPublishedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.KafkaException;

/** Does faults to a machine. */
public final class Injection {
    /** Share of the store's requests that a fault of the store is done to. */
    private static final double SHARE = 1.0 / 3;

    private static final Duration STORE_DELAY = Duration.ofMillis(500);
    private static final Duration NETWORK_DELAY = Duration.ofMillis(50);
    private static final long BYTES_PER_SECOND = 200_000;
    /** How many facts are said again at once. */
    private static final int REPEATED = 20;

    private static final Duration READING = Duration.ofSeconds(5);
    private static final Set<Topic> REPEATABLE = EnumSet.of(
            Topic.SHARDS,
            Topic.PRETRAIN_REQUESTS,
            Topic.FINE_TUNE_REQUESTS,
            Topic.LABEL_REQUESTS,
            Topic.RELABEL_REQUESTS,
            Topic.DISTILL_REQUESTS);

    private final Machine machine;
    private final Network network;
    private final FactLog log;

    /**
     * @param machine whose network can be disturbed
     * @param log to say facts again with
     * @throws IllegalArgumentException if its network cannot
     */
    public Injection(Machine machine, FactLog log) {
        this.machine = machine;
        this.network = machine.network()
                .orElseThrow(() -> new IllegalArgumentException("The machine's network cannot be disturbed"));
        this.log = log;
    }

    /** Begins a fault; one of no length is done with then. */
    public void begin(FaultKind kind, String target) {
        switch (kind) {
            case KILL -> machine.kill(target);
            case TERMINATE -> machine.terminate(target);
            case FREEZE -> machine.freeze(target);
            case CUT -> network.way(target).set(Weather.CUT);
            case HANG -> network.way(target).set(Weather.HANGING);
            case SLOW -> network.way(target).set(Weather.slow(NETWORK_DELAY, BYTES_PER_SECOND));
            case STORE_ERROR -> network.store().set(mood(Mischief.INTERNAL_ERROR));
            case STORE_UNAVAILABLE -> network.store().set(mood(Mischief.UNAVAILABLE));
            case STORE_SLOW -> network.store().set(mood(Mischief.SLOW));
            case STORE_TRUNCATED -> network.store().set(mood(Mischief.TRUNCATED));
            case REPEAT -> repeat();
            case RESTART_ALL ->
                machine.statuses().stream().map(ProcessStatus::name).forEach(machine::kill);
        }
    }

    private static Mood mood(Mischief mischief) {
        return new Mood(mischief, SHARE, STORE_DELAY);
    }

    /** Ends a fault that lasts. */
    public void end(FaultKind kind, String target) {
        switch (kind) {
            case FREEZE -> machine.thaw(target);
            case CUT, HANG, SLOW -> network.way(target).set(Weather.FAIR);
            case STORE_ERROR, STORE_UNAVAILABLE, STORE_SLOW, STORE_TRUNCATED ->
                network.store().set(Mood.GOOD);
            case KILL, TERMINATE, REPEAT, RESTART_ALL -> {
                // They are done at once.
            }
        }
    }

    /** While the broker is away there is nothing to repeat, and nobody to tell. */
    private void repeat() {
        try (FactReader reader = FactReader.ofNewest(machine.kafka(), REPEATABLE, REPEATED)) {
            List<Message> facts = new ArrayList<>();
            for (Fact fact : reader.pollToEnd(READING)) {
                if (fact.payload() instanceof RunRequested || fact.payload() instanceof ShardAdded) {
                    facts.add(fact.payload());
                }
            }
            Collections.reverse(facts);
            log.publish(facts);
        } catch (KafkaException | NotPublishedException away) {
            System.err.println("Nothing was repeated: " + away.getMessage());
        }
    }
}
