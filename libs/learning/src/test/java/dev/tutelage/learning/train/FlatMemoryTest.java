package dev.tutelage.learning.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.learning.data.FashionMnist;
import dev.tutelage.learning.recipe.PretrainRecipe;
import dev.tutelage.learning.recipe.Recipes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Two thousand steps of pretraining with memory, in a process of its own whose Java heap is all there from the beginning, so
 * that whatever grows is native. An allocator that takes a stretch of pages once is not a leak: a process that grew is given
 * two thousand steps more. A leak grows in each of them.
 */
@Tag("slow")
@EnabledOnOs(OS.LINUX)
class FlatMemoryTest {

    /** Until then the JVM still compiles what runs often. */
    private static final int SETTLED = 1_500;

    private static final int STEPS = 2_000;
    private static final int STRETCHES = 3;

    /** A leak of 15 kB a step would make 10%. */
    private static final double MOST_GROWTH = 0.02;

    @Test
    void twoThousandStepsDoNotGrowTheProcess() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms128m",
                        "-Xmx128m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:+UseSerialGC",
                        // The second compiler takes megabytes now and then, as long as a process lives.
                        "-XX:TieredStopAtLevel=1",
                        // Java's own buffers outside its heap are freed when it collects garbage: often, then, or the
                        // process
                        // looks larger where other work keeps the thread waiting that frees them.
                        "-XX:MaxDirectMemorySize=4m",
                        "-Dai.djl.offline=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Run.class.getName()))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        // One heap and one thread: a thread's heap that grows once in a while would look like a leak.
        builder.environment().putAll(Map.of("OMP_NUM_THREADS", "1", "MALLOC_ARENA_MAX", "1"));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(said).isZero();
        List<Long> kilobytes = said.lines()
                .filter(line -> line.matches("\\d+"))
                .map(Long::parseLong)
                .toList();
        assertThat(kilobytes).hasSizeBetween(2, STRETCHES + 1);
        assertThat(flat(kilobytes.get(kilobytes.size() - 2), kilobytes.get(kilobytes.size() - 1)))
                .as("%s kB at step %d and after each %d more", kilobytes, SETTLED, STEPS)
                .isTrue();
    }

    private static boolean flat(long before, long after) {
        return after - before <= MOST_GROWTH * before;
    }

    /** What the process does: it prints its resident kilobytes when it has settled and after each stretch, until one was flat. */
    static final class Run {

        private Run() {}

        public static void main(String[] arguments) {
            PretrainRecipe recipe = Recipes.PRETRAIN.override(
                    Recipes.PRETRAIN.preset("quick"),
                    "{\"encoder\":{\"width\":4,\"blocks\":[1,1]},\"batchSize\":16,\"epochs\":100,\"blur\":0.5,"
                            + "\"memory\":{\"queue\":1024,\"momentum\":0.99}}");
            TrainingContext context = new TrainingContext(new Scale(), Snapshots.none());
            try (PretrainedModel model = Pretraining.run(recipe, FashionMnist.test(), context)) {
                throw new IllegalStateException("it was to be stopped: " + model.metrics());
            } catch (TrainingStopped stopped) {
                System.out.println(ResidentMemory.kilobytes());
            }
        }
    }

    /** Weighs the process when it has settled and after each stretch, and ends it after the first flat one or the last. */
    private static final class Scale implements TrainingObserver {
        private int steps;
        private long before;

        @Override
        public void progress(Progress progress) {}

        @Override
        public boolean stopRequested() {
            steps++;
            if (steps < SETTLED || (steps - SETTLED) % STEPS != 0) {
                return false;
            }
            long now = ResidentMemory.kilobytes();
            System.out.println(now);
            boolean done = steps > SETTLED && (flat(before, now) || steps == SETTLED + STRETCHES * STEPS);
            before = now;
            return done;
        }
    }
}
