package dev.tutelage.cli.machine;

import java.io.IOException;

/** Ends this process when its supervisor is gone: the supervisor holds the other end of standard input. */
final class ParentPipe {

    private ParentPipe() {}

    static void watch() {
        Thread watch = new Thread(ParentPipe::waitForEnd, "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private static void waitForEnd() {
        try {
            while (System.in.read() >= 0) {
                // Whatever comes is not for us; only the end matters.
            }
        } catch (IOException e) {
            System.err.println("Standard input failed: " + e.getMessage());
        }
        Runtime.getRuntime().halt(1);
    }
}
