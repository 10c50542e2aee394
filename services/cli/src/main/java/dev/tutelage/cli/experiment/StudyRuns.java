package dev.tutelage.cli.experiment;

import dev.tutelage.cli.Terminal;
import dev.tutelage.cli.machine.Allocator;
import dev.tutelage.cli.machine.MachineFlags;
import dev.tutelage.cli.machine.TrainingProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs studies, each seed in a process of its own on one thread, and shows what they print.
 *
 * @param program whose arguments follow
 * @param parallel seeds at a time
 */
record StudyRuns(Class<?> program, int parallel, Terminal terminal) {

    /**
     * One study of one seed.
     *
     * @param name for people
     */
    record Part(String name, List<String> arguments) {
        Part {
            arguments = List.copyOf(arguments);
        }
    }

    /** @throws IOException if one fails; the others are stopped then */
    void run(List<Part> parts) throws IOException, InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(Math.max(1, parallel));
        try {
            List<Future<String>> running = new ArrayList<>();
            for (Part part : parts) {
                running.add(pool.submit(() -> run(part)));
            }
            for (Future<String> end : running) {
                end.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    private String run(Part part) throws IOException, InterruptedException {
        return new TrainingProcess(MachineFlags.home(), Allocator.AUTO)
                .run(program, part.arguments(), Map.of("OMP_NUM_THREADS", "1"), line -> {
                    if (line.startsWith("{")) {
                        terminal.sayTimed(part.name() + ": " + line);
                    }
                });
    }
}
