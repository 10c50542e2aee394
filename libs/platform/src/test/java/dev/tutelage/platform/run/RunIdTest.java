package dev.tutelage.platform.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.event.v1.Stage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunIdTest {

    private static final Optional<String> NONE = Optional.empty();

    /** The first half of the SHA-256 of the parts, a line each, computed outside Java. */
    @Test
    void anIdIsTheStageAndAHashOfTheParts() {
        assertThat(RunId.of("birds", Stage.STAGE_FINE_TUNE, Optional.of("abc"), "def", "{}", NONE))
                .isEqualTo("fine-tune-ea5f184e18bebb4ba266cd8ad933e01e");
    }

    @Test
    void everyPartCounts() {
        assertThat(new String[] {
                    RunId.of("birds", Stage.STAGE_LABEL, Optional.of("abc"), "def", "{}", NONE),
                    RunId.of("bees", Stage.STAGE_LABEL, Optional.of("abc"), "def", "{}", NONE),
                    RunId.of("birds", Stage.STAGE_DISTILL, Optional.of("abc"), "def", "{}", NONE),
                    RunId.of("birds", Stage.STAGE_LABEL, Optional.of("abd"), "def", "{}", NONE),
                    RunId.of("birds", Stage.STAGE_LABEL, Optional.empty(), "def", "{}", NONE),
                    RunId.of("birds", Stage.STAGE_LABEL, Optional.of("abc"), "deg", "{}", NONE),
                    RunId.of("birds", Stage.STAGE_LABEL, Optional.of("abc"), "def", "{ }", NONE),
                    RunId.of("birds", Stage.STAGE_LABEL, Optional.of("abcd"), "ef", "{}", NONE),
                    RunId.of("birds", Stage.STAGE_LABEL, Optional.of("abc"), "def", "{}", Optional.of("start")),
                    ofHeldOut("a", "b"),
                    ofHeldOut("ab"),
                    ofHeldOut("b", "a")
                })
                .doesNotHaveDuplicates();
    }

    @Test
    void nothingHeldOutLeavesTheIdAsItWas() {
        assertThat(ofHeldOut()).isEqualTo(RunId.of("birds", Stage.STAGE_LABEL, Optional.of("abc"), "def", "{}", NONE));
    }

    private static String ofHeldOut(String... shards) {
        return RunId.of("birds", Stage.STAGE_LABEL, Optional.of("abc"), "def", "{}", NONE, List.of(shards));
    }

    @Test
    void stagesHaveNamesForPeople() {
        assertThat(RunId.nameOf(Stage.STAGE_PRETRAIN)).isEqualTo("pretrain");
        assertThat(RunId.nameOf(Stage.STAGE_FINE_TUNE)).isEqualTo("fine-tune");
    }
}
