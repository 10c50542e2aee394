package dev.tutelage.cli.demo;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tutelage.cli.SampleFiles;
import dev.tutelage.cli.machine.LoneMachine;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.control.task.TaskYaml;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.log.FactLog;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DemoTest {
    private static final SampleFiles SAMPLES = new SampleFiles(Path.of("../../samples/fashion-mnist"));

    @TempDir
    private Path directory;

    /** Its facts must not pass for those of this one. */
    @Test
    void aStateDirectoryOfAnotherSeedIsRefused() throws Exception {
        try (Machine machine = Machine.start(LoneMachine.withoutServices(directory.resolve("state")), status -> {});
                FactLog log = new FactLog(machine.kafka(), "/tutelage/test", "demo-test", Clock.systemUTC())) {
            log.publish(List.of(task(1)));
            Demo demo = new Demo(machine.kafka(), machine.artifactStore(), log);
            Demo.Script script = new Demo.Script(task(2), Sample.read(SAMPLES, 10, 120, 2), 500, 1000);
            assertThatExceptionOfType(DemoFailedException.class)
                    .isThrownBy(() -> demo.open(script, new Silent(), Duration.ofSeconds(1)))
                    .withMessageContaining("Task 'fashion-mnist' is declared already")
                    .withMessageContaining("use another --state directory");
        }
    }

    private static TaskDeclared task(long seed) throws Exception {
        return TaskYaml.read(SAMPLES.task(), OptionalLong.of(seed));
    }

    private static final class Silent implements Story.Announcer {
        @Override
        public void say(String line) {}

        @Override
        public void progress(String line) {}
    }
}
