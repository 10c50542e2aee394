package dev.tutelage.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts, read by the shell that they are for. */
class CompletionCommandTest {
    @TempDir
    private Path directory;

    @Test
    void bashCompletesCommandsAndTheirOptions() throws Exception {
        assertThat(completed("tutelage dead-letters ''")).contains("list", "show", "replay");
        assertThat(completed("tutelage rej")).containsExactly("reject");
        assertThat(completed("tutelage up --po")).containsExactly("--port");
    }

    @Test
    void whatZshReadsFirstIsNothingThatBashReads() {
        assertThat(script("zsh")).endsWith(script("bash"));
        assertThat(script("zsh").lines().limit(2)).anyMatch(line -> line.contains("bashcompinit"));
    }

    /** What is offered where the last word of a line is begun. */
    private List<String> completed(String line) throws Exception {
        Path file = Files.writeString(directory.resolve("completion"), script("bash"));
        String program = "source " + file + "; COMP_WORDS=(" + line + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1));"
                + " _complete_tutelage; printf '%s\\n' \"${COMPREPLY[@]}\"";
        // What a shell is told only while a person completes is complained about.
        Process bash = new ProcessBuilder("bash", "-c", program)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(bash.getInputStream().readAllBytes(), UTF_8);
        assertThat(bash.waitFor()).as(said).isZero();
        return said.lines().map(String::strip).toList();
    }

    private static String script(String shell) {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, UTF_8));
        try {
            assertThat(Tutelage.commandLine().execute("completion", shell)).isZero();
            return out.toString(UTF_8);
        } finally {
            System.setOut(before);
        }
    }
}
