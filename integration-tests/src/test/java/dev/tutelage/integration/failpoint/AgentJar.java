package dev.tutelage.integration.failpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import net.bytebuddy.ByteBuddy;

/** Jars of Java agents, which are nowhere but in tests: an agent's package, and the way to Byte Buddy. */
public record AgentJar(Class<?> agent) {

    /** Writes the jar. */
    public void write(Path file) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Premain-Class", agent.getName());
        attributes.putValue("Can-Retransform-Classes", "true");
        attributes.put(Attributes.Name.CLASS_PATH, location(ByteBuddy.class));
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            String folder = agent.getPackageName().replace('.', '/');
            Path classes = Path.of(agent.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .getPath())
                    .resolve(folder);
            try (Stream<Path> files = Files.list(classes)) {
                for (Path each : files.sorted().toList()) {
                    jar.putNextEntry(new JarEntry(folder + "/" + each.getFileName()));
                    try (InputStream bytes = Files.newInputStream(each)) {
                        bytes.transferTo(jar);
                    }
                }
            }
        }
    }

    private static String location(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().toString();
    }
}
