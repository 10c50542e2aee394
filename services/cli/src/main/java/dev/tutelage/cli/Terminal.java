package dev.tutelage.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** Where people read: whole lines, and on a real terminal one line that is written over while something goes on. */
public final class Terminal {
    private static final int WIDTH = 100;

    private final PrintStream out;
    private final PrintStream err;
    private final boolean interactive;
    private final long start = System.nanoTime();
    private boolean overwritable;

    private Terminal(PrintStream out, PrintStream err, boolean interactive) {
        this.out = out;
        this.err = err;
        this.interactive = interactive;
    }

    /** This process's own output. Whether that is a terminal, the launcher knows: Java has no sure way to tell. */
    public static Terminal standard() {
        return new Terminal(System.out, System.err, Boolean.getBoolean("tutelage.terminal"));
    }

    /** Prints a line that stays. */
    public synchronized void say(String line) {
        clear();
        out.println(line);
        out.flush();
    }

    /** Prints a line that stays, with the seconds since the start. */
    public synchronized void sayTimed(String line) {
        say(timed(line));
    }

    /** Prints how something gets on: over the last such line on a terminal, as a line of its own elsewhere. */
    public synchronized void progress(String line) {
        if (!interactive) {
            say(timed(line));
            return;
        }
        clear();
        String shown = timed(line);
        out.print(shown.substring(0, Math.min(WIDTH, shown.length())));
        out.flush();
        overwritable = true;
    }

    /** Prints why a command failed. */
    public synchronized void fail(String message) {
        clear();
        err.println("tutelage: " + message);
        err.flush();
    }

    private void clear() {
        if (overwritable) {
            out.print("\r" + " ".repeat(WIDTH) + "\r");
            overwritable = false;
        }
    }

    private String timed(String line) {
        double seconds = Duration.ofNanos(System.nanoTime() - start).toMillis() / 1e3;
        return String.format(Locale.ROOT, "%6.1f s  %s", seconds, line);
    }

    /** Whether people see it as it is written. */
    public boolean isInteractive() {
        return interactive;
    }
}
