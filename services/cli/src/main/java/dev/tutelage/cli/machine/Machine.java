package dev.tutelage.cli.machine;

import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.artifact.Retry;
import dev.tutelage.platform.artifact.StoreAddress;
import dev.tutelage.platform.log.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * Everything on one machine: a real Kafka broker, a real S3 endpoint and the services, each a process of its own, started
 * in that order, kept alive, and stopped in reverse.
 */
public final class Machine implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Map<String, String> LOGGING = Map.of(
            "org.slf4j.simpleLogger.defaultLogLevel", "warn",
            "org.slf4j.simpleLogger.showDateTime", "true",
            "org.slf4j.simpleLogger.dateTimeFormat", "HH:mm:ss.SSS");

    private final MachineOptions options;
    private final StateDirectory state;
    private final Consumer<ProcessStatus> listener;
    private final Map<String, ProcessStatus> statuses = new ConcurrentHashMap<>();
    private final List<SupervisedProcess> processes = Collections.synchronizedList(new ArrayList<>());
    private final Endpoints endpoints;
    private final int controllerPort;
    private final Thread stopAtExit = new Thread(this::stopAll, "stop");
    private boolean closed;
    private boolean stopping;

    private Machine(MachineOptions options, StateDirectory state, Consumer<ProcessStatus> listener, Ports ports)
            throws IOException, MachineException {
        this.options = options;
        this.state = state;
        this.listener = listener;
        int kafkaPort = ports.choose(Endpoints.KAFKA, options.kafkaPort());
        this.controllerPort = ports.choose("kafka-controller", OptionalInt.empty());
        this.endpoints = new Endpoints(kafkaPort, ports.choose(Endpoints.STORE, options.storePort()));
    }

    /**
     * Starts everything and returns when everything is ready. What had started is stopped again if something cannot.
     *
     * @param listener is told of every change, on any thread
     * @throws MachineException with the first cause
     */
    public static Machine start(MachineOptions options, Consumer<ProcessStatus> listener)
            throws MachineException, InterruptedException {
        StateDirectory state = StateDirectory.open(options.state());
        try {
            Ports ports = Ports.of(state);
            Machine machine = new Machine(options, state, listener, ports);
            machine.startAll(ports);
            return machine;
        } catch (IOException e) {
            closeQuietly(state);
            throw new MachineException("Cannot start in " + state.path() + ": " + e.getMessage(), e);
        } catch (MachineException e) {
            closeQuietly(state);
            throw e;
        }
    }

    private void startAll(Ports ports) throws MachineException, InterruptedException, IOException {
        // From here on no way out of this process leaves children behind.
        Runtime.getRuntime().addShutdownHook(stopAtExit);
        try {
            startTogether(List.of(kafkaSpec(), storeSpec()));
            Topics.ensure(kafka());
            artifactStore().ensureBucket();
            ServiceProcess services = new ServiceProcess(options, state, serviceSettings());
            List<ProcessSpec> specs = new ArrayList<>();
            for (String service : options.services()) {
                specs.add(services.spec(service, ports.choose(service, OptionalInt.empty())));
            }
            startTogether(specs);
        } catch (MachineException | InterruptedException | IOException | ArtifactStoreException e) {
            close();
            throw e;
        } catch (ExecutionException e) {
            close();
            throw new MachineException(
                    "Cannot create the topics: " + e.getCause().getMessage(), e);
        }
    }

    private void startTogether(List<ProcessSpec> specs) throws MachineException, InterruptedException {
        List<SupervisedProcess> started = new ArrayList<>();
        for (ProcessSpec spec : specs) {
            started.add(start(spec));
        }
        for (SupervisedProcess process : started) {
            process.awaitReady();
        }
    }

    private SupervisedProcess start(ProcessSpec spec) throws MachineException, InterruptedException {
        synchronized (processes) {
            if (stopping) {
                throw new InterruptedException("The machine was stopped while it started");
            }
            SupervisedProcess process = SupervisedProcess.start(spec, this::note);
            processes.add(process);
            return process;
        }
    }

    private void note(ProcessStatus status) {
        statuses.put(status.name(), status);
        listener.accept(status);
    }

    private ProcessSpec kafkaSpec() throws IOException, MachineException {
        Path properties = BrokerFiles.prepare(state, endpoints.kafkaPort(), controllerPort);
        return new ProcessSpec(
                Endpoints.KAFKA,
                endpoints.kafkaPort(),
                new JavaCommand("384m")
                        .lightlyCompiled()
                        .properties(LOGGING)
                        .main(options.classPath(), BrokerProcess.class, properties),
                Map.of(),
                state.log(Endpoints.KAFKA),
                this::isKafkaReady,
                PATIENCE,
                GRACE);
    }

    private ProcessSpec storeSpec() throws IOException {
        Path properties = state.path().resolve("s3.properties");
        Files.writeString(
                properties,
                String.join(
                        "\n",
                        "s3proxy.endpoint=http://127.0.0.1:" + endpoints.storePort(),
                        "s3proxy.authorization=aws-v2-or-v4",
                        "s3proxy.identity=" + Endpoints.ACCESS_KEY,
                        "s3proxy.credential=" + Endpoints.SECRET_KEY,
                        "jclouds.provider=filesystem-nio2",
                        "jclouds.identity=local",
                        "jclouds.credential=local",
                        "jclouds.filesystem.basedir=" + state.path().resolve("s3"),
                        ""));
        return new ProcessSpec(
                Endpoints.STORE,
                endpoints.storePort(),
                new JavaCommand("256m").properties(LOGGING).main(options.classPath(), StoreProcess.class, properties),
                Map.of(),
                state.log(Endpoints.STORE),
                this::isStoreReady,
                PATIENCE,
                GRACE);
    }

    private Map<String, String> serviceSettings() {
        return Map.of(
                "kafka.bootstrap.servers", endpoints.bootstrapServers(),
                "tutelage.s3.endpoint", store().endpoint().toString(),
                "tutelage.s3.bucket", Endpoints.BUCKET,
                "tutelage.s3.access-key", Endpoints.ACCESS_KEY,
                "tutelage.s3.secret-key", Endpoints.SECRET_KEY);
    }

    private boolean isKafkaReady() throws InterruptedException {
        Map<String, Object> config = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                endpoints.bootstrapServers(),
                AdminClientConfig.CLIENT_ID_CONFIG,
                "readiness-" + UUID.randomUUID());
        if (!BrokerFiles.isListening(endpoints.kafkaPort())) {
            return false;
        }
        try (Admin admin = Admin.create(config)) {
            return !admin.describeCluster().nodes().get(5, TimeUnit.SECONDS).isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private boolean isStoreReady() {
        try {
            new ArtifactStore(store(), new Retry(1, Duration.ZERO, Duration.ZERO)).ensureBucket();
            return true;
        } catch (ArtifactStoreException e) {
            return false;
        }
    }

    /** Settings with which a Kafka client reaches the broker. */
    public Map<String, Object> kafka() {
        return endpoints.kafka();
    }

    /** Where the artifact store is. */
    public StoreAddress store() {
        return endpoints.store();
    }

    /** A client of the artifact store. */
    public ArtifactStore artifactStore() {
        return endpoints.artifactStore();
    }

    /** How each process is. */
    public List<ProcessStatus> statuses() {
        synchronized (processes) {
            return processes.stream()
                    .map(process -> statuses.get(process.name()))
                    .toList();
        }
    }

    /** Process ids of all processes. */
    public List<Long> pids() {
        synchronized (processes) {
            return processes.stream().map(SupervisedProcess::pid).toList();
        }
    }

    public StateDirectory state() {
        return state;
    }

    /** Kills a process as a crash would; it is started again. For tests of what happens then. */
    public void kill(String name) {
        synchronized (processes) {
            processes.stream().filter(process -> process.name().equals(name)).forEach(SupervisedProcess::kill);
        }
    }

    @Override
    public void close() {
        stopAll();
        try {
            Runtime.getRuntime().removeShutdownHook(stopAtExit);
        } catch (IllegalStateException e) {
            // This process is ending, and the hook with it.
        }
    }

    /** Stops the services first, so that they can write their snapshots, then the store and the broker. */
    private synchronized void stopAll() {
        if (closed) {
            return;
        }
        closed = true;
        synchronized (processes) {
            stopping = true;
        }
        try {
            stop(process -> !isInfrastructure(process));
            stop(Machine::isInfrastructure);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeQuietly(state);
    }

    private void stop(Predicate<SupervisedProcess> which) throws InterruptedException {
        List<SupervisedProcess> some =
                List.copyOf(processes).stream().filter(which).toList();
        some.forEach(SupervisedProcess::beginStop);
        for (SupervisedProcess process : some) {
            process.awaitStop();
        }
    }

    private static boolean isInfrastructure(SupervisedProcess process) {
        return process.name().equals(Endpoints.KAFKA) || process.name().equals(Endpoints.STORE);
    }

    private static void closeQuietly(StateDirectory state) {
        try {
            state.close();
        } catch (IOException e) {
            // The lock goes with the process anyway.
            System.err.println("Could not release " + state.path() + ": " + e.getMessage());
        }
    }
}
