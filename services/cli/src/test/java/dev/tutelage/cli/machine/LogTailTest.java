package dev.tutelage.cli.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {

    @TempDir
    private Path directory;

    @Test
    void findsTheInnermostCauseOfTheLastStackTrace() throws Exception {
        Path log = log("""
                10:00:00 INFO starting
                10:00:01 ERROR Failed to start
                java.lang.RuntimeException: Failed to start
                \tat dev.tutelage.Some.method(Some.java:1)
                Caused by: java.lang.IllegalStateException: no socket
                \tat dev.tutelage.Some.method(Some.java:2)
                Caused by: java.net.BindException: Address already in use
                \t... 11 more
                10:00:02 INFO stopped
                """);

        assertThat(LogTail.firstCause(log, 0)).contains("java.net.BindException: Address already in use");
    }

    @Test
    void takesTheLastErrorWhereThereIsNoStackTrace() throws Exception {
        assertThat(LogTail.firstCause(log("INFO one\nERROR two\nINFO three\n"), 0))
                .contains("ERROR two");
    }

    @Test
    void takesTheLastLineWhereNothingSpeaksOfTrouble() throws Exception {
        assertThat(LogTail.firstCause(log("one\ntwo\n\n"), 0)).contains("two");
    }

    @Test
    void leavesOutEarlierLives() throws Exception {
        String earlier = "ERROR of yesterday\n";

        assertThat(LogTail.firstCause(log(earlier + "fine\n"), earlier.length()))
                .contains("fine");
        assertThat(LogTail.firstCause(log(earlier), earlier.length())).isEmpty();
    }

    private Path log(String text) throws Exception {
        return Files.writeString(directory.resolve("a.log"), text);
    }
}
