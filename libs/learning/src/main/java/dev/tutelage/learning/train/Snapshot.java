package dev.tutelage.learning.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.format.Safetensors;
import dev.tutelage.learning.model.Weights;
import dev.tutelage.learning.optimizer.Optimizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Everything a training needs to go on as if nothing had happened: weights with running statistics and the optimizer's
 * memory, and what the loss and the looks between epochs remember, as tensors of a safetensors file; the position and the
 * losses so far as its metadata. Random choices need nothing: they are made from seeds.
 *
 * @param step steps done
 * @param epochLoss the sum of the current epoch's losses
 * @param firstLoss of the first step, by which later ones are judged; 0 before there was one
 */
record Snapshot(long step, double epochLoss, double firstLoss) {

    /** Before the first step. */
    static final Snapshot BEGINNING = new Snapshot(0, 0, 0);

    private static final String FORMAT = "tutelage-snapshot-2";
    private static final String WEIGHT = "weights/";
    private static final String MEMORY = "optimizer/";
    private static final String LOSS = "loss/";
    private static final String EPOCH = "epoch/";

    void write(Path file, String identity, Map<String, NDArray> tensors) throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", FORMAT);
        metadata.put("identity", identity);
        metadata.put("step", Long.toString(step));
        metadata.put("epoch_loss", Double.toHexString(epochLoss));
        metadata.put("first_loss", Double.toHexString(firstLoss));
        Safetensors.write(file, tensors, metadata);
    }

    /** Puts a snapshot's values into the tensors. Nothing is changed if it cannot be used. */
    static Snapshot restore(Path file, String identity, Map<String, NDArray> targets) throws UnusableSnapshotException {
        try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
            Safetensors.Contents contents = Safetensors.read(file, scope);
            Snapshot snapshot = position(file, contents.metadata(), identity);
            for (Map.Entry<String, NDArray> target : targets.entrySet()) {
                checkFits(
                        file,
                        target.getKey(),
                        target.getValue(),
                        contents.tensors().get(target.getKey()));
            }
            targets.forEach(
                    (name, target) -> Weights.assign(target, contents.tensors().get(name)));
            return snapshot;
        } catch (IOException e) {
            throw new UnusableSnapshotException("snapshot " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Snapshot position(Path file, Map<String, String> metadata, String identity)
            throws UnusableSnapshotException {
        if (!FORMAT.equals(metadata.get("format"))) {
            throw new UnusableSnapshotException("snapshot " + file + " is not of format " + FORMAT);
        }
        if (!identity.equals(metadata.get("identity"))) {
            throw new UnusableSnapshotException("snapshot " + file + " belongs to another run");
        }
        try {
            return new Snapshot(
                    Long.parseLong(metadata.getOrDefault("step", "")),
                    Double.parseDouble(metadata.getOrDefault("epoch_loss", "")),
                    Double.parseDouble(metadata.getOrDefault("first_loss", "")));
        } catch (NumberFormatException e) {
            throw new UnusableSnapshotException("snapshot " + file + " does not say its step and loss", e);
        }
    }

    /** The tensors of a training that snapshots hold. */
    static Map<String, NDArray> tensors(Weights weights, Optimizer optimizer, BatchLoss loss, EpochEnd epochEnd) {
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        weights.tensors().forEach((name, tensor) -> tensors.put(WEIGHT + name, tensor));
        optimizer.state().forEach((name, tensor) -> tensors.put(MEMORY + name, tensor));
        loss.state().forEach((name, tensor) -> tensors.put(LOSS + name, tensor));
        epochEnd.state().forEach((name, tensor) -> tensors.put(EPOCH + name, tensor));
        return tensors;
    }

    private static void checkFits(Path file, String name, NDArray target, NDArray value)
            throws UnusableSnapshotException {
        if (value == null || !value.getShape().equals(target.getShape())) {
            throw new UnusableSnapshotException("snapshot " + file + " has "
                    + (value == null ? "no tensor " + name : name + " of shape " + value.getShape()) + ", needed is "
                    + target.getShape());
        }
    }
}
