package dev.tutelage.cli.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.cli.Tutelage;
import dev.tutelage.event.Topic;
import dev.tutelage.platform.fixture.LocalKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class CreateTopicsCommandTest {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    /** Nothing is ever deleted from the topic of the audit by others here, and tests of it bring their own facts. */
    @Test
    void whatLacksIsCreatedAndTheRestLeftAlone() throws Exception {
        String lacking = Topic.AUDIT.topicName();
        try (Admin admin = Admin.create(KAFKA.client())) {
            admin.deleteTopics(List.of(lacking)).all().get();
            Awaitility.await().until(() -> !admin.listTopics().names().get().contains(lacking));
            assertThat(create("--replication", "7")).as("there is one broker").isEqualTo(1);
            assertThat(create("--replication", "1")).isZero();
            assertThat(admin.listTopics().names().get()).contains(lacking);
            assertThat(create("--replication", "1")).isZero();
        }
    }

    @Test
    void whoAsksWronglyIsTold(@TempDir Path directory) throws Exception {
        assertThat(create("--replication", "0")).isEqualTo(2);
        assertThat(create("--client-config", directory.resolve("none").toString()))
                .isEqualTo(1);
        Path wrong = Files.writeString(directory.resolve("client"), "security.protocol=NO_SUCH\n");
        assertThat(create("--client-config", wrong.toString())).isEqualTo(1);
    }

    private static int create(String... options) {
        String[] words = new String[options.length + 4];
        words[0] = "topics";
        words[1] = "create";
        words[2] = "--bootstrap-servers";
        words[3] = KAFKA.client().get("bootstrap.servers").toString();
        System.arraycopy(options, 0, words, 4, options.length);
        return Tutelage.commandLine().execute(words);
    }
}
