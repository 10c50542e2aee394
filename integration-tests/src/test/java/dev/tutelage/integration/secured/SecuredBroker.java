package dev.tutelage.integration.secured;

import dev.tutelage.platform.log.Topics;
import dev.tutelage.platform.privilege.KafkaPrivileges;
import dev.tutelage.platform.privilege.Principal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A real broker in this process that speaks TLS alone, knows who asks by a password (SCRAM-SHA-512), or its own controller by a
 * certificate, and denies what no ACL allows. It has the topics, and the ACLs of {@link KafkaPrivileges} and no others.
 */
final class SecuredBroker implements AutoCloseable {
    private static final String SUPER = "broker";
    private static final String NODE = "1";
    private static final String LOGIN = "org.apache.kafka.common.security.scram.ScramLoginModule required";

    private final KafkaRaftServer server;
    private final Authority authority;
    private final Path directory;
    private final int port;

    private SecuredBroker(KafkaRaftServer server, Authority authority, Path directory, int port) {
        this.server = server;
        this.authority = authority;
        this.directory = directory;
        this.port = port;
    }

    static SecuredBroker start(Path directory, Authority authority, Authority.Server certificate) throws Exception {
        Files.createDirectories(directory);
        int port = Ports.free();
        format(directory.resolve("logs"));
        Properties settings = settings(directory, authority, certificate, port, Ports.free());
        KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(settings), Time.SYSTEM);
        server.startup();
        SecuredBroker broker = new SecuredBroker(server, authority, directory, port);
        try (Admin admin = Admin.create(broker.superUser())) {
            Topics.ensure(admin, (short) 1);
            for (Principal principal : Principal.values()) {
                admin.createAcls(KafkaPrivileges.of(principal).acls(principal))
                        .all()
                        .get();
            }
        }
        return broker;
    }

    private static void format(Path logs) throws Exception {
        List<String> users = new ArrayList<>(List.of(scram(SUPER)));
        for (Principal principal : Principal.values()) {
            users.add(scram(principal.text()));
        }
        new Formatter()
                .setPrintStream(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8))
                .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                .setNodeId(Integer.parseInt(NODE))
                .setClusterId(Uuid.randomUuid().toString())
                .setDirectories(List.of(logs.toString()))
                .setMetadataLogDirectory(logs.toString())
                .setControllerListenerName("CONTROLLER")
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .setScramArguments(users)
                .run();
    }

    private static String scram(String user) {
        return "SCRAM-SHA-512=[name=" + user + ",password=" + password(user) + "]";
    }

    private static String password(String user) {
        return user + "-password";
    }

    private static Properties settings(
            Path directory, Authority authority, Authority.Server certificate, int port, int controllerPort) {
        Properties settings = new Properties();
        settings.putAll(Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                NODE,
                "controller.quorum.voters",
                NODE + "@127.0.0.1:" + controllerPort,
                "listeners",
                "SERVICES://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "listener.security.protocol.map",
                "SERVICES:SASL_SSL,CONTROLLER:SSL",
                "controller.listener.names",
                "CONTROLLER",
                "inter.broker.listener.name",
                "SERVICES",
                "log.dirs",
                directory.resolve("logs").toString(),
                "auto.create.topics.enable",
                "false"));
        settings.putAll(Map.of(
                "sasl.mechanism.inter.broker.protocol",
                "SCRAM-SHA-512",
                "listener.name.services.sasl.enabled.mechanisms",
                "SCRAM-SHA-512",
                "listener.name.services.scram-sha-512.sasl.jaas.config",
                jaas(SUPER),
                "listener.name.controller.ssl.client.auth",
                "required",
                "authorizer.class.name",
                TellingAuthorizer.class.getName(),
                TellingAuthorizer.FILE,
                directory.resolve("refused").toString(),
                "super.users",
                "User:" + SUPER + ";User:CN=" + SUPER));
        settings.putAll(Map.of(
                "ssl.keystore.location",
                certificate.keyStore().toString(),
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.password",
                Authority.PASSWORD,
                "ssl.truststore.location",
                authority.trustStore().toString(),
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.password",
                Authority.PASSWORD));
        settings.putAll(Map.of(
                "offsets.topic.replication.factor", "1",
                "offsets.topic.num.partitions", "1",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "transaction.state.log.num.partitions", "1",
                "share.coordinator.state.topic.replication.factor", "1",
                "group.initial.rebalance.delay.ms", "0"));
        return settings;
    }

    /** The name of its certificates: controllers know it by that. */
    static String commonName() {
        return SUPER;
    }

    /** Settings of a client that speaks for a principal, as they are in a service's environment without their prefix. */
    Map<String, Object> client(Principal principal) {
        return client(principal.text());
    }

    /** Settings of a client that may do everything. */
    Map<String, Object> superUser() {
        return client(SUPER);
    }

    private Map<String, Object> client(String user) {
        return Map.of(
                "bootstrap.servers",
                "127.0.0.1:" + port,
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                "SCRAM-SHA-512",
                "sasl.jaas.config",
                jaas(user),
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.location",
                authority.certificate().toString());
    }

    private static String jaas(String user) {
        return LOGIN + " username=\"" + user + "\" password=\"" + password(user) + "\";";
    }

    int port() {
        return port;
    }

    /** What was refused until now: who, which operation, on what. */
    List<String> refused() throws Exception {
        Path file = directory.resolve("refused");
        return Files.exists(file) ? Files.readAllLines(file).stream().distinct().toList() : List.of();
    }

    /** Has a principal write something that is neither a fact nor a notification. */
    void send(Principal principal, String topic) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(client(principal), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, new byte[] {1}, new byte[] {2}))
                    .get();
        }
    }

    /** Has it show another certificate from now on. */
    void show(Authority.Server other) throws Exception {
        ConfigResource broker = new ConfigResource(ConfigResource.Type.BROKER, NODE);
        Map<String, String> changes = new HashMap<>();
        changes.put(
                "listener.name.services.ssl.keystore.location", other.keyStore().toString());
        changes.put("listener.name.services.ssl.keystore.type", "PKCS12");
        changes.put("listener.name.services.ssl.keystore.password", Authority.PASSWORD);
        try (Admin admin = Admin.create(superUser())) {
            admin.incrementalAlterConfigs(Map.of(
                            broker,
                            changes.entrySet().stream()
                                    .map(change -> new AlterConfigOp(
                                            new ConfigEntry(change.getKey(), change.getValue()),
                                            AlterConfigOp.OpType.SET))
                                    .toList()))
                    .all()
                    .get();
        }
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
