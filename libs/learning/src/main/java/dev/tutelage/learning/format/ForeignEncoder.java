package dev.tutelage.learning.format;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.tutelage.learning.model.Parameter;
import dev.tutelage.learning.model.ProjectionHead;
import dev.tutelage.learning.model.ResNet;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.random.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An encoder in a safetensors file that another program wrote, with torchvision's names: F32, F16, BF16 or F64, running
 * statistics included, and possibly a classifier and other tensors, which are left out. To find it takes no engine.
 *
 * @param file that holds it
 * @param encoder whose weights they are
 * @param prefix what the file puts in front of every name, such as {@code module.} or {@code backbone.}; usually empty
 * @param leftOut tensors that are no part of the encoder, in the file's order; those that only count batches are not named
 */
public record ForeignEncoder(Path file, ResNet encoder, String prefix, List<String> leftOut) {
    /** A name that an encoder of any depth has, and no part of it ends with. */
    private static final String LANDMARK = "layer1.0.conv1.weight";

    private static final String BATCH_COUNT = "num_batches_tracked";
    /** How many tensors an error names. */
    private static final int NAMED = 4;

    public ForeignEncoder {
        leftOut = List.copyOf(leftOut);
    }

    /**
     * Finds all tensors of the encoder in the file.
     *
     * @throws CorruptFileException if the file is no whole safetensors file, or lacks tensors of the encoder or has them in
     *     other shapes; the first few are named
     */
    public static ForeignEncoder find(Path file, ResNet encoder) throws IOException {
        Map<String, Safetensors.Entry> entries = new LinkedHashMap<>();
        Safetensors.entries(file).forEach(entry -> entries.put(entry.name(), entry));
        String prefix = prefix(entries.keySet());
        List<String> missing = new ArrayList<>();
        List<String> unfit = new ArrayList<>();
        Set<String> used = new HashSet<>();
        for (Parameter parameter : encoder.parameters()) {
            Safetensors.Entry entry = entries.get(prefix + parameter.name());
            if (entry == null) {
                missing.add(parameter.name());
                continue;
            }
            used.add(entry.name());
            if (entry.type().loaded() != DataType.FLOAT32 || !entry.shape().equals(parameter.shape())) {
                unfit.add(entry.name() + " is " + entry.type() + " " + entry.shape() + ", not of floats "
                        + parameter.shape());
            }
        }
        List<String> others = entries.keySet().stream()
                .filter(name -> !used.contains(name) && !name.endsWith(BATCH_COUNT))
                .toList();
        if (!missing.isEmpty() || !unfit.isEmpty()) {
            throw new CorruptFileException(file, problem(missing, unfit, others));
        }
        return new ForeignEncoder(file, encoder, prefix, others);
    }

    /** Trainers often wrap an encoder in a module of theirs. Of several encoders in one file none is taken for meant. */
    private static String prefix(Set<String> names) {
        List<String> prefixes = names.stream()
                .filter(name -> name.endsWith("." + LANDMARK) || name.equals(LANDMARK))
                .map(name -> name.substring(0, name.length() - LANDMARK.length()))
                .toList();
        return prefixes.size() == 1 ? prefixes.get(0) : "";
    }

    private static String problem(List<String> missing, List<String> unfit, List<String> others) {
        List<String> problems = new ArrayList<>();
        if (!missing.isEmpty()) {
            problems.add(missing.size() + " of its tensors are missing (" + first(missing) + ")");
        }
        if (!unfit.isEmpty()) {
            problems.add(unfit.size() + " do not fit (" + first(unfit) + ")");
        }
        if (!others.isEmpty()) {
            problems.add("other tensors are in the file (" + first(others) + ")");
        }
        return "does not hold this encoder: " + String.join("; ", problems)
                + ". Give the depth, width, stem, selective kernels and channels that the file was made with; its names must"
                + " be torchvision's, and its running statistics must be there";
    }

    private static String first(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(NAMED, names.size())))
                + (names.size() > NAMED ? ", ..." : "");
    }

    /**
     * The encoder's weights with those of a fresh head. It takes twice the encoder's memory for a moment.
     *
     * @param seed of the head
     * @return to be closed by the caller
     * @throws CorruptFileException if a tensor has values that are not finite, or a variance below zero
     */
    public Weights with(ProjectionHead head, Seed seed) throws IOException {
        Map<String, Parameter> wanted = new HashMap<>();
        encoder.parameters().forEach(parameter -> wanted.put(prefix + parameter.name(), parameter));
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            Map<String, NDArray> tensors = new HashMap<>();
            Safetensors.read(file, manager, wanted::containsKey)
                    .tensors()
                    .forEach((name, tensor) -> tensors.put(wanted.get(name).name(), tensor));
            for (Map.Entry<String, NDArray> tensor : tensors.entrySet()) {
                requireSound(tensor.getKey(), tensor.getValue());
            }
            return Weights.inherit(new Architecture.Pretrained(encoder, head).parameters(), tensors, seed);
        }
    }

    private void requireSound(String name, NDArray tensor) throws CorruptFileException {
        try (NDArray magnitudes = tensor.abs();
                NDArray greatest = magnitudes.max();
                NDArray least = tensor.min()) {
            if (!Float.isFinite(greatest.getFloat())) {
                throw new CorruptFileException(
                        file,
                        "tensor " + prefix + name
                                + " has values that are not finite. If it was stored with half precision, store it anew with"
                                + " single");
            }
            if (name.endsWith("running_var") && least.getFloat() < 0) {
                throw new CorruptFileException(file, "tensor " + prefix + name + " has a variance below zero");
            }
        }
    }
}
