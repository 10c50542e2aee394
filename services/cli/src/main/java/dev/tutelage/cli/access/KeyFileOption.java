package dev.tutelage.cli.access;

import dev.tutelage.cli.Terminal;
import dev.tutelage.control.access.InvalidKeyFileException;
import dev.tutelage.control.access.KeyFile;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which file of keys a command is about, and how it tells what is wrong with it. */
final class KeyFileOption {
    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "The gateway's file of keys (tutelage.security.keys-file). Default: ${DEFAULT-VALUE}, which"
                    + " tutelage up reads",
            defaultValue = ".tutelage/keys")
    private Path file;

    /** What is done with the file. */
    @FunctionalInterface
    interface Work {
        int on(KeyFile file) throws InvalidKeyFileException, IOException;
    }

    Path path() {
        return file;
    }

    /** The exit code: 1 if the file cannot be used, 2 if the command line is wrong. */
    int attempt(Terminal terminal, Work work) {
        try {
            return work.on(new KeyFile(file));
        } catch (IllegalArgumentException e) {
            terminal.fail(e.getMessage());
            return 2;
        } catch (InvalidKeyFileException e) {
            terminal.fail(e.getMessage());
        } catch (IOException e) {
            terminal.fail("Keys file " + file + " cannot be written: " + e);
        }
        return 1;
    }
}
