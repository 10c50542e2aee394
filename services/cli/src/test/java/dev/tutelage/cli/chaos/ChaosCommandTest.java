package dev.tutelage.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ChaosCommandTest {

    @Test
    void aDryRunDoesNothing() {
        assertThat(execute("--dry-run", "--minutes", "3", "--seed", "7", "--faults", "kill,store-error"))
                .isZero();
    }

    @Test
    void whatCannotBeDoneIsTold() {
        assertThat(execute("--dry-run", "--faults", "kill,earthquake")).isEqualTo(2);
        assertThat(execute("--dry-run", "--minutes", "0")).isEqualTo(2);
        assertThat(execute("--dry-run", "--minutes", "-1")).isEqualTo(2);
    }

    private static int execute(String... arguments) {
        return new CommandLine(new ChaosCommand()).execute(arguments);
    }
}
