package dev.tutelage.learning.program;

import dev.tutelage.learning.format.Checkpoint;
import dev.tutelage.learning.format.EncoderImport;
import java.io.IOException;
import java.nio.file.Path;

/** Makes a pretrained checkpoint of an encoder from elsewhere. */
public final class ImportEncoder {

    private ImportEncoder() {}

    /**
     * Writes the checkpoint and prints its digest.
     *
     * @param arguments a safetensors file, the checkpoint's directory, and the {@link EncoderImport} as JSON
     */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[1]);
        EncoderImport.ofJson(arguments[2]).run(Path.of(arguments[0]), directory);
        System.out.println(Checkpoint.digest(directory));
    }
}
