package dev.tutelage.learning.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.tutelage.learning.random.Seed;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The weights of a network: named float32 tensors in the architecture's order. They live in native memory of their own
 * until {@link #close}.
 */
public final class Weights implements AutoCloseable {

    private final NDManager manager;
    private final List<Parameter> parameters;
    private final Map<String, NDArray> tensors = new LinkedHashMap<>();
    private final Set<String> frozen = new HashSet<>();

    private Weights(List<Parameter> parameters) {
        this(parameters, NDManager.newBaseManager("PyTorch"));
    }

    private Weights(List<Parameter> parameters, NDManager manager) {
        this.manager = manager;
        this.parameters = List.copyOf(parameters);
    }

    /** Fresh weights; the same seed gives the same ones. */
    public static Weights initialize(List<Parameter> parameters, Seed seed) {
        return inherit(parameters, Map.of(), seed);
    }

    /**
     * Weights that start from a parent's: tensors with the same name are copied, the others are fresh.
     *
     * @throws IllegalArgumentException if a tensor of the parent has another shape than the parameter it would become
     */
    public static Weights inherit(List<Parameter> parameters, Map<String, NDArray> parent, Seed seed) {
        Weights weights = new Weights(parameters);
        for (Parameter parameter : parameters) {
            NDArray inherited = parent.get(parameter.name());
            weights.put(
                    parameter,
                    inherited == null ? weights.fresh(parameter, seed) : weights.copyOf(parameter, inherited));
        }
        return weights;
    }

    /**
     * Weights with the given values, which are copied; tensors of other names are left alone.
     *
     * @throws IllegalArgumentException naming a tensor that is missing or has the wrong shape
     */
    public static Weights of(List<Parameter> parameters, Map<String, NDArray> values) {
        for (Parameter parameter : parameters) {
            if (!values.containsKey(parameter.name())) {
                throw new IllegalArgumentException("weights: tensor " + parameter.name() + " " + parameter.shape()
                        + " is missing; are these the weights of another architecture?");
            }
        }
        return inherit(parameters, values, new Seed(0));
    }

    /** The tensor of this name, which stays this object's. */
    public NDArray get(String name) {
        NDArray tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("weights: there is no tensor " + name);
        }
        return tensor;
    }

    public boolean has(String name) {
        return tensors.containsKey(name);
    }

    /** All tensors by name in the architecture's order, including batch normalisation's running statistics. */
    public Map<String, NDArray> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    public List<Parameter> parameters() {
        return parameters;
    }

    /** What gradients change: everything but batch normalisation's running statistics and what is frozen. */
    public List<Parameter> trainable() {
        return parameters.stream()
                .filter(parameter -> parameter.trainable() && !frozen.contains(parameter.name()))
                .toList();
    }

    /** Keeps training away from these weights from now on. */
    public void freeze(List<Parameter> kept) {
        kept.forEach(parameter -> frozen.add(parameter.name()));
    }

    /** How many numbers training may choose; running statistics do not count. */
    public long parameterCount() {
        return parameters.stream()
                .filter(Parameter::trainable)
                .mapToLong(parameter -> parameter.shape().size())
                .sum();
    }

    /** Independent weights with the same values. */
    public Weights copy() {
        return of(parameters, tensors);
    }

    /** Takes over the values of weights of the same architecture. */
    public void assign(Weights other) {
        tensors.forEach((name, tensor) -> assign(tensor, other.get(name)));
    }

    /**
     * Writes a tensor's values into another of its shape, through an alias that records no gradient: PyTorch forbids
     * writing into what it will differentiate.
     */
    public static void assign(NDArray target, NDArray value) {
        try (NDArray alias = target.stopGradient();
                NDArray values = value.stopGradient()) {
            alias.set(new NDIndex(":"), values);
        }
    }

    /** Turns gradients of the trainable tensors on, as training needs it, or off, so that running keeps no graph. */
    public void requireGradients(boolean required) {
        for (Parameter parameter : trainable()) {
            get(parameter.name()).setRequiresGradient(required);
        }
    }

    /**
     * The same weights on another device, for one pass. Gradients flow back into these; batch normalisation's running
     * statistics are copies, and what a pass adds to them is lost.
     *
     * @param scope owns what is copied
     */
    public Weights on(Device device, NDManager scope) {
        Weights there = new Weights(parameters, scope);
        for (Parameter parameter : parameters) {
            NDArray here = get(parameter.name());
            NDArray moved = here.toDevice(device, false);
            NDArray own = parameter.trainable() || moved != here ? moved : here.duplicate();
            if (own != here) {
                own.attach(scope);
            }
            there.put(parameter, own);
        }
        return there;
    }

    /** A manager on the weights' device, to be closed by the caller: the scope of one step or one batch. */
    public NDManager newScope() {
        return manager.newSubManager();
    }

    @Override
    public void close() {
        manager.close();
    }

    private void put(Parameter parameter, NDArray tensor) {
        tensor.setName(parameter.name());
        tensors.put(parameter.name(), tensor);
    }

    private NDArray fresh(Parameter parameter, Seed seed) {
        int count = Math.toIntExact(parameter.shape().size());
        float[] values =
                parameter.initialization().values(count, seed.of("weights").of(parameter.name()));
        // The duplicate lies in PyTorch's own aligned memory, not in a buffer that the JVM's collector frees.
        try (NDArray staged = manager.create(values, parameter.shape())) {
            return staged.duplicate();
        }
    }

    private NDArray copyOf(Parameter parameter, NDArray value) {
        if (!value.getShape().equals(parameter.shape())) {
            throw new IllegalArgumentException("weights: tensor " + parameter.name() + " has shape " + value.getShape()
                    + " where the architecture needs " + parameter.shape());
        }
        try (NDArray detached = value.stopGradient()) {
            NDArray copy = detached.duplicate();
            copy.attach(manager);
            return copy;
        }
    }
}
