package dev.tutelage.cli.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What is wrong with the command line is told before a process is started. */
class PackCommandTest {
    @TempDir
    private Path directory;

    @Test
    void whatIsWrongIsNamed() {
        assertThat(fails(2, "--image", "3x32")).contains("3x32", "3x32x32");
        assertThat(fails(2, "--image", "5x32x32")).contains("channels is 5");
        assertThat(fails(2, "--image", "1x8x8", "--max-rejected", "some")).contains("\"some\" is no limit");
        assertThat(fails(2, "--image", "1x8x8", "--classes", "a,b,a")).contains("names that differ");
        assertThat(fails(2, "--image", "1x8x8", "--shard-size", "0")).contains("--shard-size");
        assertThat(fails(2, "--image", "1x8x8", "--format", "zip")).contains("zip", "cifar10");
    }

    @Test
    void aSourceThatIsNotThereIsNamed() {
        assertThat(run(1, directory.resolve("none").toString(), "--image", "1x8x8", "--to", "shards"))
                .contains("none is not there");
    }

    private String fails(int status, String... more) {
        String[] arguments = new String[more.length + 3];
        System.arraycopy(more, 0, arguments, 0, more.length);
        arguments[more.length] = "--to";
        arguments[more.length + 1] = directory.resolve("shards").toString();
        arguments[more.length + 2] = directory.toString();
        return run(status, arguments);
    }

    private static String run(int status, String... arguments) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream standard = System.err;
        try (PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            System.setErr(err);
            assertThat(new CommandLine(new PackCommand())
                            .setCaseInsensitiveEnumValuesAllowed(true)
                            .execute(arguments))
                    .isEqualTo(status);
        } finally {
            System.setErr(standard);
        }
        return said.toString(StandardCharsets.UTF_8);
    }
}
