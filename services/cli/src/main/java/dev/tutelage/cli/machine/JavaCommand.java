package dev.tutelage.cli.machine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Commands that start another process on the Java that runs this one. */
final class JavaCommand {
    /**
     * Ctrl-C, and the end of a terminal, reach every process of that terminal at once. The children must not hear of it:
     * they are stopped in order, the broker only after the services' last facts. What a shell ignores stays ignored in
     * the program that takes its place.
     */
    private static final List<String> DEAF_TO_THE_TERMINAL =
            List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "sh");

    private final List<String> words = new ArrayList<>(DEAF_TO_THE_TERMINAL);

    JavaCommand(String heap) {
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(List.of("-Xmx" + heap, "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"));
    }

    /** Starts with half the work, and never gets as fast: for processes that have little to do. */
    JavaCommand lightlyCompiled() {
        words.add("-XX:TieredStopAtLevel=1");
        return this;
    }

    JavaCommand properties(Map<String, String> properties) {
        properties.forEach((key, value) -> words.add("-D" + key + "=" + value));
        return this;
    }

    /** The whole command, to run a jar. */
    List<String> jar(Path jar) {
        words.addAll(List.of("-jar", jar.toString()));
        return List.copyOf(words);
    }

    /** The whole command, to run a class. */
    List<String> main(String classPath, Class<?> main, Path argument) {
        return main(classPath, main, List.of(argument.toString()));
    }

    /** The whole command, to run a class. */
    List<String> main(String classPath, Class<?> main, List<String> arguments) {
        words.addAll(List.of("-cp", classPath, main.getName()));
        words.addAll(arguments);
        return List.copyOf(words);
    }
}
