package dev.tutelage.gateway.upload;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a JVM holds.
 *
 * @param descriptors what is open: paths of files, and connections
 * @param heap bytes on the heap after a collection
 */
record Footprint(List<String> descriptors, long heap) {
    private static final Pattern USED = Pattern.compile("(?:heap|generation|Gen)\\s+total \\d+K, used (\\d+)K");

    static Footprint of(long pid) throws IOException {
        jcmd(pid, "GC.run");
        Matcher used = USED.matcher(jcmd(pid, "GC.heap_info"));
        long heap =
                used.results().mapToLong(each -> Long.parseLong(each.group(1))).sum();
        if (heap == 0) {
            throw new IllegalStateException("jcmd does not tell how full the heap is");
        }
        return new Footprint(descriptors(pid), heap << 10);
    }

    static List<String> descriptors(long pid) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            for (Path descriptor : open.toList()) {
                try {
                    found.add(Files.readSymbolicLink(descriptor).toString());
                } catch (NoSuchFileException e) {
                    // It was closed meanwhile.
                }
            }
        }
        return found;
    }

    private static String jcmd(long pid, String command) throws IOException {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
