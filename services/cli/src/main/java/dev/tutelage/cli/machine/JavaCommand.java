package dev.tutelage.cli.machine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands that start another Java process with our own class path. */
final class JavaCommand {

    private JavaCommand() {}

    /** The path of the java program that runs this process. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    static List<String> of(Class<?> mainClass, String heap, List<String> flags, String argument) {
        List<String> command = new ArrayList<>(List.of(
                java(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                // S3Proxy turns standard error into log lines, so those must not go to standard error.
                "-Dorg.slf4j.simpleLogger.logFile=System.out",
                "-Dorg.slf4j.simpleLogger.showDateTime=true"));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass.getName(), argument));
        return command;
    }
}
