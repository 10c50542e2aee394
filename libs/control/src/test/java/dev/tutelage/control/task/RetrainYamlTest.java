package dev.tutelage.control.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.TextFormat;
import dev.tutelage.event.v1.Condition;
import dev.tutelage.event.v1.Overlap;
import dev.tutelage.event.v1.Policies;
import dev.tutelage.event.v1.StagePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetrainYamlTest {
    @TempDir
    private Path directory;

    @Test
    void aTaskNeedsNoPolicyOfRetraining() throws Exception {
        assertThat(read("").hasRetrain()).isFalse();
    }

    @Test
    void everyKeyOfAStageIsRead() throws Exception {
        StagePolicy policy = read("""
                  retrain:
                    pretrain:
                      when: {growth: 1.5}
                      quiet: 30s
                      min-interval: 1h
                      runs-per-day: 4
                      max-running: 1
                      overlap: queue
                """).getRetrain().getPretrain();
        assertThat(policy)
                .isEqualTo(StagePolicy.newBuilder()
                        .setWhen(Condition.newBuilder().setGrowth(1.5))
                        .setQuietMillis(30_000)
                        .setMinIntervalMillis(3_600_000)
                        .setRunsPerDay(4)
                        .setMaxRunning(1)
                        .setOverlap(Overlap.OVERLAP_QUEUE)
                        .build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{new-images: 6000}                        | new_images: 6000",
                "{new-labels: 60}                          | new_labels: 60",
                "{new-soft-labels: 6000}                   | new_soft_labels: 6000",
                "{growth: 2}                               | growth: 2",
                "new-parent                                | new_parent: true",
                "{new-parent: true}                        | new_parent: true",
                "drift                                     | drift: true",
                "'{schedule: \"0 3 * * *\"}'               | 'schedule: \"0 3 * * *\"'",
                "{max-age: 7d}                             | max_age_millis: 604800000",
                "'{any: [new-parent, {new-labels: 60}]}'   | 'any { conditions { new_parent: true } conditions { new_labels: 60 } }'",
                "'{all: [drift, {any: [{max-age: 1d}]}]}'  | 'all { conditions { drift: true } conditions { any { conditions { max_age_millis: 86400000 } } } }'",
            })
    void everyConditionIsRead(String yaml, String condition) throws Exception {
        StagePolicy policy = read("  retrain: {distill: {when: " + yaml + "}}\n")
                .getRetrain()
                .getDistill();
        assertThat(policy.getWhen()).isEqualTo(TextFormat.parse(condition, Condition.class));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{pretain: {}}                                   | unknown field 'policies.retrain.pretain'; did you mean 'pretrain'?",
                "{pretrain: daily}                               | field 'policies.retrain.pretrain' must be an object",
                "{pretrain: {quite: 1s}}                         | unknown field 'policies.retrain.pretrain.quite'; did you mean 'quiet'?",
                "{pretrain: {quiet: 30}}                         | field 'policies.retrain.pretrain.quiet' must be a number and a unit, such as 30s",
                "{pretrain: {min-interval: soon}}                | policies.retrain.pretrain.min-interval",
                "{pretrain: {runs-per-day: 0}}                   | field 'policies.retrain.pretrain.runs-per-day' must be a whole number of 1 or more, not 0",
                "{pretrain: {max-running: 1.5}}                  | policies.retrain.pretrain.max-running",
                "{pretrain: {overlap: wait}}                     | field 'policies.retrain.pretrain.overlap' must be queue, cancel or coexist, not \"wait\"",
                "{pretrain: {when: {new-image: 5}}}              | unknown field 'policies.retrain.pretrain.when.new-image'; did you mean 'new-images'?",
                "{pretrain: {when: drfit}}                       | did you mean 'drift'?",
                "{pretrain: {when: growth}}                      | 'growth' needs a value",
                "{pretrain: {when: [drift]}}                     | field 'policies.retrain.pretrain.when' must be one condition",
                "{pretrain: {when: {drift: false}}}              | policies.retrain.pretrain.when.drift",
                "{pretrain: {when: {new-images: 0}}}             | policies.retrain.pretrain.when.new-images",
                "{pretrain: {when: {growth: 1}}}                 | field 'policies.retrain.pretrain.when.growth' must be more than 1",
                "{pretrain: {when: {any: []}}}                   | field 'policies.retrain.pretrain.when.any' must be a list of one or more conditions",
                "{pretrain: {when: {any: [drift, {max-age: 1}]}}} | field 'policies.retrain.pretrain.when.any[1].max-age' must be a number and a unit",
                "{pretrain: {when: {schedule: \"0 25 * * *\"}}}  | field 'policies.retrain.pretrain.when.schedule' must be a Unix cron expression",
                "{pretrain: {when: {schedule: nightly}}}         | policies.retrain.pretrain.when.schedule",
                "{pretrain: {when: new-parent}}                  | pretraining starts from no other stage's checkpoint",
                "{fine-tune: {when: {new-soft-labels: 5}}}       | only distill learns from soft labels",
                "often                                             | policies.retrain",
            })
    void whatIsWrongIsNamedByItsPath(String section, String named) {
        assertThatExceptionOfType(InvalidTaskException.class)
                .isThrownBy(() -> read("  retrain: " + section + "\n"))
                .withMessageStartingWith(file().toString())
                .withMessageContaining(named);
    }

    private Path file() {
        return directory.resolve("task.yaml");
    }

    private Policies read(String policies) throws IOException, InvalidTaskException {
        return TaskYaml.read(Files.writeString(file(), TaskFiles.BIRDS + policies), OptionalLong.empty())
                .getPolicies();
    }
}
