package dev.tutelage.cli.machine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;

/** Runs a machine in a process of its own, which tests then end in rude ways. */
public final class LoneMachine {

    static final String CLASS_PATH = System.getProperty("java.class.path");

    private LoneMachine() {}

    /** The one argument is the state directory; the pids of the children appear beside it when all are ready. */
    public static void main(String[] arguments) throws Exception {
        Path state = Path.of(arguments[0]);
        try (Machine machine = Machine.start(withoutServices(state), status -> {})) {
            List<String> pids =
                    machine.pids().stream().map(pid -> Long.toString(pid)).toList();
            Path partial = Files.write(state.resolveSibling("pids.partial"), pids);
            Files.move(partial, state.resolveSibling("pids"));
            new CountDownLatch(1).await();
        }
    }

    /** Broker and store alone. */
    public static MachineOptions withoutServices(Path state) {
        return new MachineOptions(
                state, state, List.of(), OptionalInt.empty(), OptionalInt.empty(), Allocator.SYSTEM, CLASS_PATH);
    }
}
