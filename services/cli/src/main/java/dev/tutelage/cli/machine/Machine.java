package dev.tutelage.cli.machine;

import dev.tutelage.cli.network.Network;
import dev.tutelage.cli.network.StoreProxy;
import dev.tutelage.cli.network.TcpProxy;
import dev.tutelage.platform.artifact.ArtifactStore;
import dev.tutelage.platform.artifact.ArtifactStoreException;
import dev.tutelage.platform.artifact.StoreAddress;
import dev.tutelage.platform.log.Topics;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Everything on one machine: a real Kafka broker, a real S3 endpoint and the services, each a process of its own, started
 * in that order, kept alive, and stopped in reverse.
 */
public final class Machine implements AutoCloseable {
    private final MachineOptions options;
    private final StateDirectory state;
    private final Consumer<ProcessStatus> listener;
    private final Map<String, ProcessStatus> statuses = new ConcurrentHashMap<>();
    private final List<SupervisedProcess> processes = Collections.synchronizedList(new ArrayList<>());
    private final Endpoints endpoints;
    private final int controllerPort;
    private final List<ServiceInstance> instances;
    private final Map<String, BrokerFiles.Detour> detours = new LinkedHashMap<>();
    private final Optional<Network> network;
    private final Optional<GatewayKey> key;
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
        this.instances = ServiceInstance.of(options.services(), options.copies());
        if (options.gatewayPort().isPresent()) {
            // Said before anything starts.
            ports.choose(MachineOptions.GATEWAY, options.gatewayPort());
        }
        this.network = options.disturbable() ? Optional.of(network(ports)) : Optional.empty();
        this.key = options.services().contains(MachineOptions.GATEWAY)
                ? Optional.of(GatewayKey.of(state.path()))
                : Optional.empty();
    }

    private Network network(Ports ports) throws IOException, MachineException {
        Map<String, TcpProxy> ways = new HashMap<>();
        for (ServiceInstance instance : instances) {
            String name = instance.name();
            BrokerFiles.Detour detour = new BrokerFiles.Detour(
                    ports.choose("kafka-for-" + name, OptionalInt.empty()),
                    ports.choose("way-of-" + name, OptionalInt.empty()));
            detours.put(name, detour);
            ways.put(name, new TcpProxy(detour.advertised(), detour.port()));
        }
        int storePort = ports.choose("way-to-s3", OptionalInt.empty());
        return new Network(ways, new StoreProxy(storePort, endpoints.storePort(), 1));
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
            Infrastructure infrastructure =
                    new Infrastructure(state, endpoints, controllerPort, options, List.copyOf(detours.values()));
            startTogether(List.of(infrastructure.broker(), infrastructure.store()));
            Topics.ensure(kafka());
            artifactStore().ensureBucket();
            ServiceProcess services = new ServiceProcess(options, state);
            // All first ones together, then all second ones: starting takes the processor.
            for (int copy = 1; copy <= options.copies(); copy++) {
                List<ProcessSpec> specs = new ArrayList<>();
                for (ServiceInstance instance : instances) {
                    if (instance.number() == copy) {
                        int port = ports.choose(instance.name(), OptionalInt.empty());
                        specs.add(services.spec(instance, port, settings(instance)));
                    }
                }
                startTogether(specs);
            }
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

    /** Where a process finds broker and store, and the gateway the keys. */
    private Map<String, String> settings(ServiceInstance instance) {
        Map<String, String> settings = new HashMap<>(addresses(instance));
        if (instance.service().equals(MachineOptions.GATEWAY)) {
            key.ifPresent(own ->
                    settings.put("tutelage.security.keys-file", own.keysFile().toString()));
        }
        return settings;
    }

    private Map<String, String> addresses(ServiceInstance instance) {
        Endpoints seen = network.map(ways -> new Endpoints(
                        ways.way(instance.name()).port(), ways.store().port()))
                .orElse(endpoints);
        return Map.of(
                "kafka.bootstrap.servers", seen.bootstrapServers(),
                "tutelage.s3.endpoint", seen.store().endpoint().toString(),
                "tutelage.s3.bucket", Endpoints.BUCKET,
                "tutelage.s3.access-key", Endpoints.ACCESS_KEY,
                "tutelage.s3.secret-key", Endpoints.SECRET_KEY);
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

    /** Where the console is, with the key that opens it, if the gateway is among the services. */
    public Optional<URI> console() {
        return key.flatMap(own -> statuses().stream()
                .filter(status -> status.name().equals(MachineOptions.GATEWAY))
                .map(status -> own.login(status.port()))
                .findFirst());
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

    /** What lies between the services and broker and store, if it can be disturbed. */
    public Optional<Network> network() {
        return network;
    }

    /** Kills a process as a crash would; it is started again. For tests of what happens then. */
    public void kill(String name) {
        forProcess(name, SupervisedProcess::kill);
    }

    /** Ends a process in good order; it is started again. */
    public void terminate(String name) {
        forProcess(name, SupervisedProcess::terminate);
    }

    /** Stops a process where it is, as a long pause of its host would. Whoever does so thaws it again. */
    public void freeze(String name) {
        forProcess(name, SupervisedProcess::freeze);
    }

    /** Lets a frozen process go on. */
    public void thaw(String name) {
        forProcess(name, SupervisedProcess::thaw);
    }

    private void forProcess(String name, Consumer<SupervisedProcess> what) {
        synchronized (processes) {
            processes.stream().filter(process -> process.name().equals(name)).forEach(what);
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
        network.ifPresent(Network::close);
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
