package dev.tutelage.control.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tutelage.event.v1.Approval;
import dev.tutelage.event.v1.GatePolicy;
import dev.tutelage.event.v1.Generations;
import dev.tutelage.event.v1.Policies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateYamlTest {
    @TempDir
    private Path directory;

    @Test
    void withoutThemTheDefaultsHold() throws Exception {
        Policies policies = read("");
        assertThat(policies.hasGate()).isFalse();
        assertThat(policies.hasGenerations()).isFalse();
    }

    @Test
    void everyKeyBecomesPartOfThePolicy() throws Exception {
        Policies policies = read("""
                  promotion: manual
                  gate: {confidence: 0.9, min-class-recall: 30, max-calibration-error: 0.08,
                    max-model-bytes: 5MB, max-latency: 2.5ms}
                  generations: {rounds: 3, min-gain: 0.5}
                """);
        assertThat(policies.getGate())
                .isEqualTo(GatePolicy.newBuilder()
                        .setConfidence(0.9)
                        .setMinClassRecall(30)
                        .setMaxCalibrationError(0.08)
                        .setMaxModelBytes(5 << 20)
                        .setMaxLatencyMillis(2.5)
                        .setApproval(Approval.APPROVAL_MANUAL)
                        .build());
        assertThat(policies.getGenerations())
                .isEqualTo(Generations.newBuilder().setRounds(3).setMinGain(0.5).build());
    }

    @Test
    void aNumberOfBytesNeedsNoUnitAndWhatIsAbsentHasNoLimit() throws Exception {
        assertThat(read("  gate: {max-model-bytes: 80000}\n").getGate())
                .isEqualTo(GatePolicy.newBuilder().setMaxModelBytes(80_000).build());
        assertThat(read("  promotion: automatic\n").getGate().getApproval()).isEqualTo(Approval.APPROVAL_AUTOMATIC);
        assertThat(read("  generations: {rounds: 1}\n").getGenerations().getMinGain())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "gate: {confidence: 1}               | field 'policies.gate.confidence' must be above 0 and below 1",
                "gate: {confidence: 0}               | policies.gate.confidence",
                "gate: {min-class-recall: 101}       | policies.gate.min-class-recall",
                "gate: {max-calibration-error: 0}    | policies.gate.max-calibration-error",
                "gate: {max-calibration-error: 1.5}  | policies.gate.max-calibration-error",
                "gate: {max-model-bytes: 0}          | 'policies.gate.max-model-bytes' must be a number of bytes above 0, or as 5MB",
                "gate: {max-model-bytes: tiny}       | above 0, or as 5MB: \"tiny\" is no size",
                "gate: {max-model-bytes: [1]}        | policies.gate.max-model-bytes",
                "gate: {max-latency: 0ms}            | policies.gate.max-latency",
                "gate: {max-latency: soon}           | a time above 0",
                "gate: {recall: 3}                   | unknown field 'policies.gate.recall'; did you mean",
                "promotion: perhaps                  | field 'policies.promotion' must be automatic or manual, not 'perhaps'",
                "generations: {rounds: -1}           | policies.generations.rounds",
                "generations: {min-gain: 1}          | field 'policies.generations.rounds' is missing",
                "generations: {rounds: 1, min-gain: -1} | policies.generations.min-gain",
            })
    void whatIsWrongIsNamed(String line, String named) {
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> read("  " + line + "\n"))
                .withMessageStartingWith(directory.resolve("task.yaml").toString())
                .withMessageContaining(named);
    }

    private Policies read(String more) throws IOException, InvalidTaskException {
        Path file = Files.writeString(directory.resolve("task.yaml"), TaskFiles.BIRDS + more);
        return TaskYaml.read(file, OptionalLong.empty()).getPolicies();
    }
}
