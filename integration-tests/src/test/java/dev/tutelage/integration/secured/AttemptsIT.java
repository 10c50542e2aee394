package dev.tutelage.integration.secured;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.cli.Tutelage;
import dev.tutelage.platform.privilege.KafkaPrivileges;
import dev.tutelage.platform.privilege.Principal;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Everybody tries everything at a real broker and a real store: what is done is what the code says, and nothing else. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AttemptsIT {
    private Authority authority;
    private Authority.Server certificate;
    private Path directory;
    private SecuredBroker broker;

    @BeforeAll
    void isStarted(@TempDir Path made) throws Exception {
        directory = made;
        authority = Authority.in(directory);
        certificate = authority.certify(SecuredBroker.commonName(), "server");
        broker = SecuredBroker.start(directory.resolve("kafka"), authority, certificate);
        assertThat(new KafkaAttempts(broker.superUser()).write()).isEqualTo(KafkaPrivileges.allTopics());
    }

    @AfterAll
    void isStopped() {
        broker.close();
    }

    private KafkaAttempts attempts(Principal principal) {
        return new KafkaAttempts(broker.client(principal));
    }

    @Test
    void onlyTopicsOfOnesOwnAreReadAndWritten() throws Exception {
        Matrix done = new Matrix("topic", List.of(Principal.values()));
        for (Principal principal : Principal.values()) {
            Set<String> read = attempts(principal).read();
            Set<String> written = attempts(principal).write();
            Set<String> created = attempts(principal).create();
            for (String topic : KafkaPrivileges.allTopics()) {
                done.add(topic, principal, read.contains(topic), "r");
                done.add(topic, principal, written.contains(topic), "w");
                done.add(topic, principal, created.contains(topic), "c");
            }
        }
        System.out.println(done.markdown());
        assertThat(done.markdown()).isEqualTo(Matrix.topics().markdown());
        assertThat(broker.refused())
                .as("the broker tells what it refuses, so that the whole loop can be looked at")
                .contains("User:labeler WRITE TOPIC tutelage.promotions");
    }

    @Test
    void onlyGroupsOfOnesOwnAreJoined() {
        Matrix done = new Matrix("group", List.of(Principal.values()));
        for (Principal principal : Principal.values()) {
            Set<String> joined = attempts(principal).join(Matrix.examples(KafkaPrivileges::groups));
            for (KafkaPrivileges.Name name : Matrix.names(KafkaPrivileges::groups)) {
                done.add(name.toString(), principal, joined.contains(Matrix.example(name)), "r");
            }
        }
        System.out.println(done.markdown());
        assertThat(done.markdown()).isEqualTo(Matrix.groups().markdown());
    }

    @Test
    void onlyTurnsOfOnesOwnAreTaken() {
        Matrix done = new Matrix("transactional id", List.of(Principal.values()));
        for (Principal principal : Principal.values()) {
            Set<String> taken = attempts(principal).take(Matrix.examples(KafkaPrivileges::transactionalIds));
            for (KafkaPrivileges.Name name : Matrix.names(KafkaPrivileges::transactionalIds)) {
                done.add(name.toString(), principal, taken.contains(Matrix.example(name)), "w");
            }
        }
        System.out.println(done.markdown());
        assertThat(done.markdown()).isEqualTo(Matrix.transactionalIds().markdown());
    }

    @Test
    void nobodyAdministers() {
        for (Principal principal : Principal.values()) {
            assertThat(attempts(principal).administer(Principal.GATEWAY))
                    .as(principal.text())
                    .isEmpty();
        }
    }

    /** As a person does where no operator creates topics. */
    @Test
    void whoCreatesTopicsSaysWhoTheyAreInAFile() throws Exception {
        Properties settings = new Properties();
        settings.putAll(broker.client(Principal.TOPICS));
        String servers = settings.remove("bootstrap.servers").toString();
        Path file = directory.resolve("client.properties");
        try (Writer out = Files.newBufferedWriter(file)) {
            settings.store(out, "who creates topics");
        }
        try (Admin admin = Admin.create(broker.superUser())) {
            admin.deleteTopics(List.of("tutelage.audit")).all().get();
            assertThat(Tutelage.commandLine()
                            .execute(
                                    "topics",
                                    "create",
                                    "--bootstrap-servers",
                                    servers,
                                    "--replication",
                                    "1",
                                    "--client-config",
                                    file.toString()))
                    .isZero();
            assertThat(admin.listTopics().names().get()).contains("tutelage.audit");
        }
        new KafkaAttempts(broker.superUser()).write();
    }

    @Test
    void whoIsNotWhoTheySayIsNotLetIn() {
        Map<String, Object> settings = new HashMap<>(broker.client(Principal.LABELER));
        settings.computeIfPresent(
                "sasl.jaas.config", (name, jaas) -> jaas.toString().replace("labeler-password", "guessed"));
        try (Admin admin = Admin.create(settings)) {
            assertThat(admin.listTopics().names().toCompletionStage().toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(SaslAuthenticationException.class);
        }
    }

    @Test
    void onlyObjectsOfOnesOwnAreReadWrittenAndRemoved() throws Exception {
        SecuredStore.require();
        Matrix done = new Matrix("objects", Principal.services());
        try (SecuredStore store =
                SecuredStore.start(Files.createDirectories(directory.resolve("s3")), authority, certificate)) {
            for (Principal service : Principal.services()) {
                for (String object : StoreAttempts.EXAMPLES.values()) {
                    new StoreAttempts(store.superUser()).put(object);
                }
                StoreAttempts attempts = new StoreAttempts(store.client(service));
                Set<String> reads = attempts.reads();
                Set<String> writes = attempts.writes();
                assertThat(attempts.others()).as(service.text()).containsExactly("list");
                Set<String> removes = attempts.removes();
                for (String kind : StoreAttempts.EXAMPLES.keySet()) {
                    done.add(kind, service, reads.contains(kind), "r");
                    done.add(kind, service, writes.contains(kind), "w");
                    done.add(kind, service, removes.contains(kind), "d");
                }
            }
        }
        System.out.println(done.markdown());
        assertThat(done.markdown()).isEqualTo(Matrix.objects().markdown());
    }
}
