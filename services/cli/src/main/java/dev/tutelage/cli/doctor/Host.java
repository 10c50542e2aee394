package dev.tutelage.cli.doctor;

import dev.tutelage.cli.machine.Allocator;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a machine offers.
 *
 * @param java feature release of the Java that runs this
 * @param system operating system and architecture, as Java names them: {@code Linux amd64}
 * @param musl whether its C library is musl
 * @param cores that Java may use
 * @param memory bytes of the machine, or of the container
 * @param freeDisk bytes free where the state is to be kept
 * @param openFiles how many files a process may have open; empty where that is not told
 * @param loopback whether a server can listen on 127.0.0.1
 * @param jemalloc whether jemalloc is installed
 * @param maven whether {@code mvn} is on the path
 * @param gpu whether there is an NVIDIA driver
 */
record Host(
        int java,
        String system,
        boolean musl,
        int cores,
        long memory,
        long freeDisk,
        Optional<Long> openFiles,
        boolean loopback,
        boolean jemalloc,
        boolean maven,
        boolean gpu) {

    /** This machine, with the state in a directory that may be yet to be made. */
    static Host here(Path state) throws IOException {
        return new Host(
                Runtime.version().feature(),
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                Files.exists(Path.of("/etc/alpine-release")),
                Runtime.getRuntime().availableProcessors(),
                memoryBytes(),
                Files.getFileStore(existing(state)).getUsableSpace(),
                openFileLimit(),
                canListen(),
                Allocator.hasJemalloc(),
                isOnPath("mvn"),
                Files.exists(Path.of("/proc/driver/nvidia/version")));
    }

    private static long memoryBytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 0;
    }

    private static Optional<Long> openFileLimit() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.UnixOperatingSystemMXBean unix
                ? Optional.of(unix.getMaxFileDescriptorCount())
                : Optional.empty();
    }

    private static Path existing(Path path) {
        Path there = path.toAbsolutePath();
        while (Files.notExists(there)) {
            there = Optional.ofNullable(there.getParent()).orElseThrow();
        }
        return there;
    }

    private static boolean canListen() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isOnPath(String program) {
        return Arrays.stream(
                        Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .anyMatch(directory -> Files.isExecutable(Path.of(directory).resolve(program)));
    }
}
