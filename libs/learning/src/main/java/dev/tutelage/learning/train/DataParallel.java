package dev.tutelage.learning.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.model.Weights;
import java.util.List;

/**
 * One network on several devices of a machine. Each takes a part of a batch's images, both views of them; what it makes of
 * them comes back to the first device, where the contrastive loss compares every view with every other of all devices. The
 * weights are copied to the devices in every step by an operation that gradients flow back through, so nothing is left to
 * be synchronised.
 *
 * <p>Each device normalises its part by the statistics of that part; the running statistics are the first device's. The
 * authors' code takes statistics over all devices, which matters where a part is small.
 *
 * @param devices 1 or more; the weights are on the first
 */
record DataParallel(List<Device> devices) {

    /** A forward pass with weights on the device of its input. */
    @FunctionalInterface
    interface Network {
        NDArray apply(Weights weights, NDArray input);
    }

    DataParallel {
        devices = List.copyOf(devices);
        if (devices.isEmpty()) {
            throw new IllegalArgumentException("training needs 1 device or more");
        }
    }

    /**
     * Runs the network on all devices.
     *
     * @param views [2N, ...]: the first views of N images, then their second ones
     * @return [2N, ...] in the same order, on the first device
     */
    NDArray run(Weights weights, NDArray views, Network network) {
        int images = (int) views.getShape().get(0) / 2;
        int parts = Math.min(devices.size(), images / 2);
        if (parts <= 1) {
            return network.apply(weights, views);
        }
        NDManager scope = views.getManager();
        NDList first = new NDList();
        NDList second = new NDList();
        for (int part = 0; part < parts; part++) {
            int from = images * part / parts;
            int to = images * (part + 1) / parts;
            NDArray made = onDevice(devices.get(part), part, weights, part(views, from, to, images), network);
            NDArray back = made.toDevice(devices.get(0), false);
            back.attach(scope);
            first.add(back.get("0:" + (to - from)));
            second.add(back.get((to - from) + ":"));
        }
        return NDArrays.concat(new NDList(NDArrays.concat(first, 0), NDArrays.concat(second, 0)), 0);
    }

    private static NDArray part(NDArray views, int from, int to, int images) {
        NDArray first = views.get(from + ":" + to);
        NDArray second = views.get((images + from) + ":" + (images + to));
        return NDArrays.concat(new NDList(first, second), 0);
    }

    private static NDArray onDevice(Device device, int part, Weights weights, NDArray views, Network network) {
        if (part == 0) {
            return network.apply(weights, views);
        }
        NDManager scope = views.getManager().newSubManager(device);
        NDArray there = views.toDevice(device, false);
        if (there != views) {
            there.attach(scope);
        }
        return network.apply(weights.on(device, scope), there);
    }
}
