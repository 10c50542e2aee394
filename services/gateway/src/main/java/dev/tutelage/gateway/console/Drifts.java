package dev.tutelage.gateway.console;

import java.util.List;

/** The windows in which a task's images drifted from what a teacher knows. */
public record Drifts(Frame frame, String base, List<Window> windows, Pager pager) {

    /**
     * A window.
     *
     * @param reference what it was compared with
     */
    public record Window(
            String number,
            Say.When time,
            RunView.Line teacher,
            RunView.Line first,
            RunView.Line last,
            String images,
            String reference,
            String reason,
            List<Test> tests) {
        public Window {
            tests = List.copyOf(tests);
        }
    }

    /** A test that was made of a window. */
    public record Test(String name, String value, String threshold, boolean fired) {
        public String outcome() {
            return fired ? "fires" : "quiet";
        }
    }

    public Drifts {
        windows = List.copyOf(windows);
    }
}
