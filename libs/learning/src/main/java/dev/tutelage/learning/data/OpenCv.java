package dev.tutelage.learning.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.opencv.core.Core;

/**
 * Loads OpenCV's native library, once, when it is first needed.
 *
 * <p>The artifact's own loader is not used: at its start it removes what the loaders of other processes have just
 * extracted, so that two services that start together can fail, and what it extracts outlives a killed process.
 */
final class OpenCv {

    private OpenCv() {}

    /**
     * Makes sure that OpenCV can be called. No image is to blame if it cannot.
     *
     * @throws UncheckedIOException if there is no room to unpack it, which may pass
     * @throws IllegalStateException if there is no OpenCV for this platform
     */
    static void load() {
        if (!isLoaded()) {
            loadOnce();
        }
    }

    /** Only the JVM knows: it keeps a library for as long as the classes that call it. */
    private static boolean isLoaded() {
        try {
            return Core.getNumThreads() >= 0;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    private static synchronized void loadOnce() {
        if (isLoaded()) {
            return;
        }
        try {
            extractAndLoad();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "OpenCV could not be unpacked into " + System.getProperty("java.io.tmpdir") + ": " + e.getMessage()
                            + ". Make room there, or name another directory with -Djava.io.tmpdir",
                    e);
        }
        // Images are decoded side by side; a second layer of threads within each would only be in the way.
        Core.setNumThreads(1);
    }

    /** The file can go as soon as it is loaded: the process keeps the content. */
    private static void extractAndLoad() throws IOException {
        Path directory = Files.createTempDirectory("tutelage-opencv-");
        Path library = directory.resolve(System.mapLibraryName(Core.NATIVE_LIBRARY_NAME));
        try (InputStream in = OpenCv.class.getResourceAsStream(resource())) {
            if (in == null) {
                throw new IllegalStateException("OpenCV has no " + resource() + ": this platform is not supported");
            }
            Files.copy(in, library);
            System.load(library.toString());
        } finally {
            Files.deleteIfExists(library);
            Files.delete(directory);
        }
    }

    private static String resource() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String os =
                Stream.of("windows", "mac").filter(name::startsWith).findFirst().orElse("linux");
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        return "/nu/pattern/opencv/" + (os.equals("mac") ? "osx" : os) + "/" + (arm ? "ARMv8" : "x86_64") + "/"
                + System.mapLibraryName(Core.NATIVE_LIBRARY_NAME);
    }
}
