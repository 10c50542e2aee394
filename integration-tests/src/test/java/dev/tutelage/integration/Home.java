package dev.tutelage.integration;

import java.nio.file.Path;

/** Where the build is. */
final class Home {

    private Home() {}

    static Path directory() {
        return Path.of(System.getProperty("tutelage.home", ".."))
                .toAbsolutePath()
                .normalize();
    }
}
