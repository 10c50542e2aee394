package dev.tutelage.cli.machine;

import java.nio.file.Path;
import org.gaul.s3proxy.Main;

/** A real S3 endpoint on the local file system in its own process, which ends when its supervisor does. */
final class StoreProcess {

    private StoreProcess() {}

    /** Runs the store; the one argument is the path of its properties. */
    public static void main(String[] arguments) throws Exception {
        ParentPipe.watch();
        Main.main(new String[] {"--properties", Path.of(arguments[0]).toString()});
    }
}
