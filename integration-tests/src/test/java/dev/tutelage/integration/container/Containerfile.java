package dev.tutelage.integration.container;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the last stage of a Containerfile makes of its base: as much of the format as ours use. Anything else is an error, so that
 * nothing is left out unnoticed.
 *
 * @param base the image that it begins with
 * @param copies in their order
 * @param directories that are made, with their owners
 * @param environment of the processes
 * @param workDirectory of the processes
 * @param user and group, by number
 * @param entryPoint the command
 */
record Containerfile(
        String base,
        List<Copy> copies,
        Map<String, String> directories,
        Map<String, String> environment,
        String workDirectory,
        String user,
        List<String> entryPoint) {
    private static final Pattern LIBRARY = Pattern.compile("ln -s \\S.* /usr/lib/x86_64-linux-gnu/\\S+\\.so");
    private static final Pattern COPY = Pattern.compile("--from=(\\S+) (\\S+) (\\S+)");
    private static final Pattern INSTALL = Pattern.compile("install -d -o (\\d+) -g (\\d+) (\\S+)");
    private static final Pattern ENV = Pattern.compile("(\\w+)=\"?(.*?)\"?");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)}");

    /**
     * Content that comes from another stage.
     *
     * @param stage that it comes from
     * @param source path there
     * @param target path in the image
     */
    record Copy(String stage, String source, String target) {}

    /**
     * Reads one.
     *
     * @param arguments values of ARG
     */
    static Containerfile read(Path file, Map<String, String> arguments) throws IOException {
        List<String> lines = instructions(Files.readString(file));
        int last = 0;
        for (int i = 0; i < lines.size(); i++) {
            last = lines.get(i).startsWith("FROM ") ? i : last;
        }
        Reading reading = new Reading(arguments, lines.get(last).substring("FROM ".length()));
        lines.subList(last + 1, lines.size()).forEach(reading::instruction);
        return reading.result();
    }

    private static List<String> instructions(String text) {
        return text.replaceAll("\\\\\\n\\s*", "")
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    private static final class Reading {
        private final Map<String, String> variables;
        private final String base;
        private final List<Copy> copies = new ArrayList<>();
        private final Map<String, String> directories = new LinkedHashMap<>();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private String workDirectory = "/";
        private String user = "0:0";
        private List<String> entryPoint = List.of();

        Reading(Map<String, String> arguments, String base) {
            this.variables = new HashMap<>(arguments);
            this.base = base;
        }

        void instruction(String line) {
            String word = line.substring(0, line.indexOf(' '));
            String rest = substituted(line.substring(word.length() + 1));
            switch (word) {
                case "ARG" -> require(variables.containsKey(rest), line + ", whose value is not given");
                case "COPY" -> {
                    Matcher copy = matched(COPY, rest, line);
                    copies.add(new Copy(copy.group(1), copy.group(2), copy.group(3)));
                }
                case "ENV" -> {
                    Matcher entry = matched(ENV, rest, line);
                    environment.put(entry.group(1), entry.group(2));
                }
                case "RUN" -> run(rest, line);
                case "WORKDIR" -> workDirectory = rest;
                case "USER" -> user = rest;
                case "EXPOSE" -> require(rest.equals("8080"), line);
                case "ENTRYPOINT" -> entryPoint = words(rest);
                default -> require(false, line);
            }
        }

        /** Packages of the base's system, and links among its libraries, are those of this machine. */
        private void run(String command, String line) {
            if (!command.startsWith("apt-get ") && !LIBRARY.matcher(command).matches()) {
                Matcher install = matched(INSTALL, command, line);
                directories.put(install.group(3), install.group(1) + ":" + install.group(2));
            }
        }

        private String substituted(String text) {
            return VARIABLE.matcher(text).replaceAll(variable -> {
                require(variables.containsKey(variable.group(1)), text);
                return variables.get(variable.group(1));
            });
        }

        private static Matcher matched(Pattern pattern, String text, String line) {
            Matcher matcher = pattern.matcher(text);
            require(matcher.matches(), line);
            return matcher;
        }

        private static void require(boolean condition, String line) {
            if (!condition) {
                throw new IllegalArgumentException("it is not known here what this does: " + line);
            }
        }

        private static List<String> words(String json) {
            try {
                return new JsonMapper().readValue(json, new TypeReference<>() {});
            } catch (IOException e) {
                throw new IllegalArgumentException("ENTRYPOINT is no JSON array: " + json, e);
            }
        }

        Containerfile result() {
            return new Containerfile(base, copies, directories, environment, workDirectory, user, entryPoint);
        }
    }
}
