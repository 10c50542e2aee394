package dev.tutelage.cli.doctor;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Says what a machine lacks to run all of Tutelage, or could have more of. */
final class Doctor {
    private static final long GIB = 1L << 30;
    /** The demo takes 3.5 GB (benchmarks/demo.md); less than that, and it is killed. */
    private static final long LEAST_MEMORY = 4 * GIB;

    private static final long GOOD_MEMORY = 8 * GIB;
    /** Of the demo: libtorch and the services 2 GB once built, and its state half a gigabyte. */
    private static final long LEAST_DISK = GIB;

    private static final long GOOD_DISK = 5 * GIB;
    private static final long GOOD_FILES = 4_096;
    private static final int OLDEST_JAVA = 17;

    /** Those for which libtorch is there as a Maven artifact. */
    private static final Set<String> SYSTEMS = Set.of("Linux amd64", "Linux aarch64", "Mac OS X aarch64");

    private Doctor() {}

    static List<Check> examine(Host host) {
        return List.of(
                java(host),
                system(host),
                cores(host),
                memory(host),
                disk(host),
                files(host),
                loopback(host),
                maven(host),
                allocator(host),
                gpu(host));
    }

    private static Check java(Host host) {
        String found = "Java " + host.java();
        return host.java() >= OLDEST_JAVA
                ? Check.ok("java", found)
                : Check.lacking("java", found, "Install a JDK 17 or later, or set JAVA_HOME to one");
    }

    private static Check system(Host host) {
        if (!SYSTEMS.contains(host.system())) {
            return Check.lacking(
                    "system",
                    host.system(),
                    "PyTorch's native library is not to be had for it. Use one of " + String.join(", ", sorted()));
        }
        return host.musl()
                ? Check.lacking(
                        "system", host.system() + " with musl", "PyTorch needs glibc: use Debian, Ubuntu or Fedora")
                : Check.ok("system", host.system());
    }

    private static List<String> sorted() {
        return SYSTEMS.stream().sorted().toList();
    }

    private static Check cores(Host host) {
        return host.cores() >= 2
                ? Check.ok("cores", Integer.toString(host.cores()))
                : Check.weak(
                        "cores", "1", "Everything works, and takes its time; two cores are the least that is tested");
    }

    private static Check memory(Host host) {
        String found = gigabytes(host.memory());
        if (host.memory() == 0) {
            return Check.weak("memory", "not told", "See that there are 4 GB or more");
        } else if (host.memory() < LEAST_MEMORY) {
            return Check.lacking(
                    "memory", found, "Broker, store and services take up to 3.5 GB: give the machine 4 GB or more");
        }
        return host.memory() < GOOD_MEMORY
                ? Check.weak("memory", found, "Enough for small networks; larger ones need more")
                : Check.ok("memory", found);
    }

    private static Check disk(Host host) {
        String found = gigabytes(host.freeDisk()) + " free";
        if (host.freeDisk() < LEAST_DISK) {
            return Check.lacking("disk", found, "Make room, or put the state elsewhere with --state");
        }
        return host.freeDisk() < GOOD_DISK
                ? Check.weak("disk", found, "Enough for the demo; shards and snapshots of real streams need more")
                : Check.ok("disk", found);
    }

    private static Check files(Host host) {
        String found = host.openFiles().map(Object::toString).orElse("not told");
        return host.openFiles().filter(limit -> limit < GOOD_FILES).isPresent()
                ? Check.weak(
                        "open files",
                        found,
                        "Raise the limit (ulimit -n " + GOOD_FILES + "): the broker has many files open")
                : Check.ok("open files", found);
    }

    private static Check loopback(Host host) {
        return host.loopback()
                ? Check.ok("network", "127.0.0.1 can be listened on")
                : Check.lacking("network", "nothing can listen on 127.0.0.1", "Allow this user to open sockets there");
    }

    private static Check maven(Host host) {
        return host.maven()
                ? Check.ok("maven", "on the path")
                : Check.weak(
                        "maven",
                        "not on the path",
                        "Needed when something has changed and must be built: 3.8 or later");
    }

    private static Check allocator(Host host) {
        return host.jemalloc()
                ? Check.ok("allocator", "jemalloc")
                : Check.weak(
                        "allocator",
                        "glibc, tuned",
                        "With jemalloc (libjemalloc2) training is faster: benchmarks/allocator.md");
    }

    private static Check gpu(Host host) {
        return host.gpu()
                ? Check.weak(
                        "gpu",
                        "an NVIDIA driver",
                        "Services use the CPU library of PyTorch unless they are built with CUDA's")
                : Check.ok("gpu", "none; the CPU is used");
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GiB", (double) bytes / GIB);
    }
}
