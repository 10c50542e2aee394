package dev.tutelage.platform.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.v1.Stage;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RunIdTest {

    @Test
    void theSameWorkHasTheSameName() {
        assertThat(RunId.of("t", Stage.STAGE_FINE_TUNE, Optional.of("p"), "d", "{}"))
                .isEqualTo(RunId.of("t", Stage.STAGE_FINE_TUNE, Optional.of("p"), "d", "{}"))
                .startsWith("fine-tune-");
    }

    @Test
    void anyDifferenceIsAnotherRun() {
        List<String> ids = Stream.of(
                        RunId.of("t", Stage.STAGE_LABEL, Optional.of("p"), "d", "{}"),
                        RunId.of("u", Stage.STAGE_LABEL, Optional.of("p"), "d", "{}"),
                        RunId.of("t", Stage.STAGE_DISTILL, Optional.of("p"), "d", "{}"),
                        RunId.of("t", Stage.STAGE_LABEL, Optional.of("q"), "d", "{}"),
                        RunId.of("t", Stage.STAGE_LABEL, Optional.empty(), "d", "{}"),
                        RunId.of("t", Stage.STAGE_LABEL, Optional.of("p"), "e", "{}"),
                        RunId.of("t", Stage.STAGE_LABEL, Optional.of("p"), "d", "{\"seed\":2}"))
                .toList();

        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void aDatasetReadsBackEqual() throws Exception {
        Dataset dataset = new Dataset(
                "t",
                List.of("a", "b"),
                new Dataset.Image(1, 28, 28),
                List.of(new Dataset.Part("0".repeat(64), 7, "shard.tar")),
                List.of(),
                List.of());

        assertThat(Dataset.ofJson(dataset.toJson())).isEqualTo(dataset);
    }
}
