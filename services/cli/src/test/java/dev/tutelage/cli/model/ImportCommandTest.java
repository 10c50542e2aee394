package dev.tutelage.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What is refused before anything is started. That an import works is seen where the services are built. */
class ImportCommandTest {

    @TempDir
    Path folder;

    @Test
    void aFileThatHoldsAnotherEncoderIsRefused() throws Exception {
        byte[] header = "{\"fc.bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + 4).order(ByteOrder.LITTLE_ENDIAN);
        Path file = Files.write(
                folder.resolve("other.safetensors"),
                bytes.putLong(header.length).put(header).array());
        assertThat(execute(file.toString(), "--image", "3x32x32")).isEqualTo(1);
        assertThat(execute(folder.resolve("none").toString(), "--image", "3x32x32"))
                .isEqualTo(1);
        assertThat(folder.resolve("to")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"224x224", "5x224x224", "3x0x224", "3x224x224x1", "3x99999x224", "RGB"})
    void shapesThatAreNoneAreWrongCommandLines(String shape) {
        assertThat(execute("file", "--image", shape)).isEqualTo(2);
    }

    @Test
    void valuesOutOfTheirRangesAreWrongCommandLines() {
        assertThat(execute("file", "--image", "3x32x32", "--depth", "20")).isEqualTo(2);
        assertThat(execute("file", "--image", "3x32x32", "--stem", "round")).isEqualTo(2);
        assertThat(execute("file")).as("no --image").isEqualTo(2);
    }

    private int execute(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--to", folder.resolve("to").toString()));
        return new CommandLine(new ImportCommand())
                .setErr(new PrintWriter(new StringWriter()))
                .execute(all.toArray(String[]::new));
    }
}
