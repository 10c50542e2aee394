package dev.tutelage.gateway.api.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tutelage.event.Fact;
import dev.tutelage.event.v1.RunChanged;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.gateway.history.History;
import dev.tutelage.gateway.history.RunEntry;
import dev.tutelage.gateway.history.Timeline;
import dev.tutelage.platform.log.Place;
import dev.tutelage.platform.log.PlacedFact;
import io.quarkiverse.resteasy.problem.HttpProblem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Walks through ten thousand runs. */
class PagesTest {
    private static final int RUNS = 10_000;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final History history = new History();

    @Test
    void aWalkMeetsEachRunOnceTheNewestFirstWhileNewOnesCome() {
        declare();
        for (int i = 0; i < RUNS; i++) {
            request(i);
        }
        List<String> met = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        int pages = 0;
        do {
            Page<String> page = page(Optional.of("500"), cursor, run -> {});
            met.addAll(page.items());
            cursor = page.next();
            request(RUNS + pages++);
        } while (cursor.isPresent());

        assertThat(pages).isEqualTo(RUNS / 500);
        assertThat(new HashSet<>(met)).hasSameSizeAs(met);
        assertThat(met).hasSize(RUNS).startsWith(id(RUNS - 1), id(RUNS - 2)).endsWith(id(1), id(0));
    }

    @Test
    void aPageInTheMiddleLooksAtNoMoreRunsThanItHas() {
        declare();
        for (int i = 0; i < RUNS; i++) {
            request(i);
        }
        String middle = "";
        for (int i = 0; i < 10; i++) {
            middle = page(Optional.of("500"), Optional.of(middle).filter(text -> !text.isEmpty()), run -> {})
                    .next()
                    .orElseThrow();
        }
        AtomicInteger looked = new AtomicInteger();
        Page<String> page = page(Optional.empty(), Optional.of(middle), run -> looked.incrementAndGet());
        assertThat(page.items()).hasSize(50).startsWith(id(RUNS - 5_001));
        assertThat(looked).hasValue(51);
    }

    @Test
    void theOrderIsThatOfTheTimesInWhateverOrderTopicsWereRead() {
        declare();
        List.of(3, 0, 4, 1, 2).forEach(this::request);
        assertThat(page(Optional.empty(), Optional.empty(), run -> {}).items())
                .containsExactly(id(4), id(3), id(2), id(1), id(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "501", "-1", "1.5", "ten", "", "99999999999"})
    void aLimitThatIsNoneIsABadRequest(String limit) {
        assertThatExceptionOfType(HttpProblem.class)
                .isThrownBy(() -> PageRequest.of(Optional.of(limit), Optional.empty()))
                .satisfies(problem -> {
                    assertThat(problem.getStatusCode()).isEqualTo(400);
                    assertThat(problem.getDetail()).contains("from 1 to 500", "'" + limit + "'");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%%%", "bm9uZQ", "MjAyNi0wMS0wMXx4"})
    void aCursorThatNoPageGaveOutIsABadRequest(String cursor) {
        assertThatExceptionOfType(HttpProblem.class)
                .isThrownBy(() -> PageRequest.of(Optional.empty(), Optional.of(cursor)))
                .satisfies(problem -> assertThat(problem.getStatusCode()).isEqualTo(400));
    }

    private Page<String> page(Optional<String> limit, Optional<String> cursor, Consumer<RunEntry> looked) {
        Timeline<RunEntry> runs = history.task("birds").orElseThrow().runs();
        return PageRequest.of(limit, cursor)
                .of(
                        runs,
                        run -> {
                            looked.accept(run);
                            return true;
                        },
                        RunEntry::id,
                        UnaryOperator.identity());
    }

    private static String id(int i) {
        return "label-" + i;
    }

    private void declare() {
        history.add(placed(new Fact(TaskDeclared.newBuilder().setTask("birds").build(), "/test", START)));
    }

    private void request(int i) {
        RunChanged requested = RunChanged.newBuilder()
                .setRunId(id(i))
                .setTask("birds")
                .setStage(Stage.STAGE_LABEL)
                .setState(RunState.RUN_STATE_REQUESTED)
                .build();
        history.add(placed(new Fact(requested, "/test", START.plusSeconds(i))));
    }

    private static PlacedFact placed(Fact fact) {
        return new PlacedFact(fact, new Place(fact.topic().topicName(), 0, 0));
    }
}
