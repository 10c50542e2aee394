package dev.tutelage.cli.machine;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/** The broker's files: its settings, and its log directory, formatted at the first start. */
final class BrokerFiles {

    private BrokerFiles() {}

    /**
     * A port of the broker that clients reach by another one.
     *
     * @param port that the broker listens at
     * @param advertised that clients are told
     */
    record Detour(int port, int advertised) {}

    /**
     * Writes the broker's settings and formats its log directory if that is new.
     *
     * @param detours more ports at which it listens; may be empty
     * @return the settings' path
     */
    static Path prepare(StateDirectory state, int port, int controllerPort, List<Detour> detours)
            throws IOException, MachineException {
        StringBuilder listeners = new StringBuilder();
        StringBuilder advertised = new StringBuilder();
        StringBuilder protocols = new StringBuilder("PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        for (int i = 0; i < detours.size(); i++) {
            listeners
                    .append(",DETOUR")
                    .append(i)
                    .append("://127.0.0.1:")
                    .append(detours.get(i).port());
            advertised
                    .append(",DETOUR")
                    .append(i)
                    .append("://127.0.0.1:")
                    .append(detours.get(i).advertised());
            protocols.append(",DETOUR").append(i).append(":PLAINTEXT");
        }
        Path logs = state.path().resolve("kafka");
        Path properties = state.path().resolve("kafka.properties");
        Files.writeString(
                properties,
                String.join(
                        "\n",
                        "process.roles=broker,controller",
                        "node.id=1",
                        "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
                        "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort
                                + listeners,
                        "advertised.listeners=PLAINTEXT://127.0.0.1:" + port + advertised,
                        "listener.security.protocol.map=" + protocols,
                        "controller.listener.names=CONTROLLER",
                        "inter.broker.listener.name=PLAINTEXT",
                        "log.dirs=" + logs,
                        // One node: every record has one copy.
                        "offsets.topic.replication.factor=1",
                        "offsets.topic.num.partitions=4",
                        "transaction.state.log.replication.factor=1",
                        "transaction.state.log.min.isr=1",
                        "transaction.state.log.num.partitions=4",
                        "share.coordinator.state.topic.replication.factor=1",
                        "share.coordinator.state.topic.min.isr=1",
                        "group.initial.rebalance.delay.ms=0",
                        "auto.create.topics.enable=false",
                        // A machine may rest for months, and its services must then know what they have done.
                        "offsets.retention.minutes=525600",
                        // The default, a third of our heap, is for brokers with thousands of partitions.
                        "log.cleaner.dedupe.buffer.size=8388608",
                        // Committed means on disk: a killed broker loses nothing that was acknowledged.
                        "log.flush.interval.messages=1",
                        ""));
        if (Files.notExists(logs.resolve("meta.properties"))) {
            format(properties);
        }
        return properties;
    }

    private static void format(Path properties) throws MachineException {
        String[] arguments = {"format", "--cluster-id", Uuid.randomUuid().toString(), "--config", properties.toString()
        };
        int status = StorageTool.execute(
                arguments, new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        if (status != 0) {
            throw new MachineException("Kafka could not format its log directory (status " + status
                    + "). Free some disk space, or choose another directory with --state");
        }
    }

    /** Whether something listens on a port of this machine. */
    static boolean isListening(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
