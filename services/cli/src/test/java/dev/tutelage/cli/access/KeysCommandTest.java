package dev.tutelage.cli.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.cli.Tutelage;
import dev.tutelage.control.access.AccessKey;
import dev.tutelage.control.access.AccessRole;
import dev.tutelage.control.access.KeyFile;
import dev.tutelage.control.access.KeyHolder;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysCommandTest {
    @TempDir
    private Path directory;

    private record Said(int code, String out, String err) {}

    private Said keys(String... arguments) {
        List<String> all = new ArrayList<>(List.of("keys"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--file", directory.resolve("keys").toString()));
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        ByteArrayOutputStream failed = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(failed, true, StandardCharsets.UTF_8));
            int code = Tutelage.commandLine().execute(all.toArray(String[]::new));
            return new Said(code, said.toString(StandardCharsets.UTF_8), failed.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    @Test
    void aKeyIsPrintedOnceListedWithoutItAndRevoked() throws Exception {
        Said created = keys("create", "--name", "camera-7", "--role", "operator");
        assertThat(created.code()).isZero();
        AccessKey key = new AccessKey(created.out().strip());
        assertThat(new KeyFile(directory.resolve("keys")).holders())
                .containsExactly(new KeyHolder("camera-7", AccessRole.OPERATOR, key.digest()));

        Said listed = keys("list");
        assertThat(listed.out())
                .contains("operator")
                .contains("camera-7")
                .contains("1 key in")
                .doesNotContain(key.text());
        assertThat(keys("list", "--json").out()).contains("\"sha256\" : \"" + key.digest() + "\"");

        assertThat(keys("revoke", "camera-7").out()).contains("is revoked");
        assertThat(keys("list").out()).startsWith("0 keys");
        assertThat(keys("revoke", "camera-7"))
                .matches(said -> said.code() == 1 && said.err().contains("has no key"));
    }

    @Test
    void whatIsWrongIsToldWithItsExitCode() throws Exception {
        assertThat(keys("create", "--name", "a b", "--role", "admin").code()).isEqualTo(2);
        assertThat(keys("create", "--name", "a", "--role", "boss").code()).isEqualTo(2);
        Files.writeString(directory.resolve("keys"), "nonsense\n");
        assertThat(keys("list")).matches(said -> said.code() == 1 && said.err().contains("line 1"));
    }
}
