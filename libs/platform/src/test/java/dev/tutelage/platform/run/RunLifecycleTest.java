package dev.tutelage.platform.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.platform.run.RunLifecycle.Excusing;
import dev.tutelage.platform.run.RunLifecycle.Leaving;
import dev.tutelage.platform.run.RunLifecycle.LookingUp;
import dev.tutelage.platform.run.RunLifecycle.Noting;
import dev.tutelage.platform.run.RunLifecycle.Saying;
import dev.tutelage.platform.run.RunLifecycle.Storing;
import dev.tutelage.platform.run.RunLifecycle.Verdict;
import dev.tutelage.platform.run.RunLifecycle.Waiting;
import dev.tutelage.platform.run.RunLifecycle.Working;
import dev.tutelage.platform.run.SimulatedWorker.Decisions;
import dev.tutelage.platform.run.SimulatedWorld.Action;
import dev.tutelage.platform.run.SimulatedWorld.Kind;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * The run protocol in worlds where anything happens between any two steps of two workers. {@link Watch} says what must not
 * be. jqwik prints the seed of a failure and the shortest list of actions that it has found; {@code @Property(seed = "…")}
 * shows it again.
 */
class RunLifecycleTest {
    private static final int WORLDS = 10_000;
    private static final int LONGEST = 250;

    @Property(tries = WORLDS)
    void everyRequestEndsOnceAndNoResultIsSaidWithoutItsBytes(@ForAll("happenings") List<Action> actions) {
        live(actions, new RunLifecycle(SimulatedWorld.MAX_ATTEMPTS)::next);
    }

    private static void live(List<Action> actions, Decisions decisions) {
        SimulatedWorld world = new SimulatedWorld(decisions);
        actions.forEach(world::happen);
        world.calmDown();
    }

    @Provide
    Arbitrary<List<Action>> happenings() {
        return actions().list().ofMaxSize(LONGEST);
    }

    private static Arbitrary<Action> actions() {
        return Combinators.combine(
                        kinds(),
                        Arbitraries.integers().between(0, SimulatedWorld.WORKERS - 1),
                        Arbitraries.of("a", "b"))
                .as(Action::new);
    }

    private static Arbitrary<Kind> kinds() {
        return Arbitraries.frequency(
                Tuple.of(40, Kind.STEP),
                Tuple.of(8, Kind.SNAPSHOT),
                Tuple.of(3, Kind.FAIL),
                Tuple.of(1, Kind.REJECT),
                Tuple.of(2, Kind.CRASH),
                Tuple.of(4, Kind.RESTART),
                Tuple.of(1, Kind.SHUT_DOWN),
                Tuple.of(2, Kind.PAUSE),
                Tuple.of(4, Kind.RESUME),
                Tuple.of(6, Kind.EXPIRE),
                Tuple.of(1, Kind.REBALANCE),
                Tuple.of(2, Kind.NOTICE),
                Tuple.of(3, Kind.LEARN),
                Tuple.of(4, Kind.STORE_UP),
                Tuple.of(1, Kind.STORE_DOWN),
                Tuple.of(1, Kind.STORE_DEAF),
                Tuple.of(3, Kind.REQUEST),
                Tuple.of(1, Kind.CANCEL),
                Tuple.of(3, Kind.RETRY));
    }

    /** What a property cannot catch it does not check. */
    @Example
    void anOutcomeThatIsSaidBeforeItIsStoredIsCaught() {
        assertCaught(SimulatedWorker.broken(
                SimulatedWorld.MAX_ATTEMPTS,
                (state, next) -> state instanceof Working && next instanceof Storing ? new Saying(true) : next));
    }

    @Example
    void anEndThatIsSaidForEveryRequestOfARunIsCaught() {
        assertCaught(SimulatedWorker.broken(
                SimulatedWorld.MAX_ATTEMPTS,
                (state, next) -> state instanceof LookingUp && next instanceof Saying ? new Saying(true) : next));
    }

    @Example
    void aRequestThatIsDroppedIsCaught() {
        assertCaught(SimulatedWorker.broken(
                SimulatedWorld.MAX_ATTEMPTS,
                (state, next) ->
                        next instanceof Storing storing && storing.end().verdict() == Verdict.CANCELLED
                                ? new Saying(false)
                                : next));
    }

    @Example
    void aRequestThatNobodyEverEndsIsCaught() {
        assertCaught(SimulatedWorker.broken(
                SimulatedWorld.MAX_ATTEMPTS,
                (state, next) ->
                        next instanceof Storing storing && storing.end().verdict() == Verdict.FAILED
                                ? new Waiting(false, RunLifecycle.TAKEN)
                                : next));
    }

    @Example
    void oneAttemptTooManyIsCaught() {
        assertCaught(new RunLifecycle(SimulatedWorld.MAX_ATTEMPTS + 1)::next);
    }

    @Example
    void aFailureThatIsExcusedIsCaught() {
        assertCaught(SimulatedWorker.broken(
                SimulatedWorld.MAX_ATTEMPTS,
                (state, next) -> state instanceof Working working && next instanceof Waiting waiting
                        ? new Excusing(working.attempt(), waiting)
                        : next));
    }

    @Example
    void anAttemptThatIsMadeWithoutANoteIsCaught() {
        assertCaught((state, event) -> {
            RunLifecycle right = new RunLifecycle(SimulatedWorld.MAX_ATTEMPTS);
            return right.next(state, event) instanceof Noting
                    ? new Working(new RunRecords.Attempt(1, 1, "unnoted-" + System.identityHashCode(event)))
                    : right.next(state, event);
        });
    }

    @Example
    void aWorkerThatLeavesWhatItCouldEndIsCaught() {
        assertCaught(SimulatedWorker.broken(
                SimulatedWorld.MAX_ATTEMPTS,
                (state, next) -> state instanceof Storing && next instanceof Saying ? new Leaving() : next));
    }

    private void assertCaught(Decisions broken) {
        assertThat(happenings().sampleStream().limit(WORLDS).anyMatch(actions -> isCaught(actions, broken)))
                .as("whether a world was found that the broken decisions do not survive")
                .isTrue();
    }

    private static boolean isCaught(List<Action> actions, Decisions broken) {
        try {
            live(actions, broken);
            return false;
        } catch (AssertionError caught) {
            return true;
        }
    }
}
