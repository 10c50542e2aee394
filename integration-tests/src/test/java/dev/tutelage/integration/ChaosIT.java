package dev.tutelage.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.cli.chaos.ChaosCommand;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command itself, for a minute. */
@Tag("faults")
class ChaosIT {

    @Test
    void aMinuteOfChaosLosesNothingAndRepeatsNothing(@TempDir Path directory) {
        assertThat(new CommandLine(new ChaosCommand())
                        .execute(
                                "--minutes",
                                "1",
                                "--seed",
                                "3",
                                "--state",
                                directory.resolve("machine").toString()))
                .isZero();
    }
}
