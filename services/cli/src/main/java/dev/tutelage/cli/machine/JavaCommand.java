package dev.tutelage.cli.machine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Commands that start another Java process. */
final class JavaCommand {

    private JavaCommand() {}

    /** The path of the java program that runs this process. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    static List<String> of(String classPath, Class<?> mainClass, String heap, String argument) {
        List<String> command = new ArrayList<>(List.of(
                java(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                // S3Proxy turns standard error into log lines, so those must not go to standard error.
                "-Dorg.slf4j.simpleLogger.logFile=System.out",
                "-Dorg.slf4j.simpleLogger.showDateTime=true",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
        command.addAll(List.of("-cp", classPath, mainClass.getName(), argument));
        return command;
    }
}
