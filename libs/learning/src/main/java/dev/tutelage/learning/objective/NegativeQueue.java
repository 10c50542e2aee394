package dev.tutelage.learning.objective;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

/**
 * The outputs of past batches that views are told apart from (MoCo, arXiv 1911.05722): a ring in which the newest
 * overwrite the oldest. Where it stands follows from how many outputs it has been given, so that its tensor is all there
 * is to save.
 */
public final class NegativeQueue implements AutoCloseable {

    private final NDManager manager;
    private final int size;
    private final NDArray entries;

    /**
     * An empty queue.
     *
     * @param parent the manager on whose device it lies
     * @param size outputs that it holds, 1 or more
     * @param width numbers in an output
     */
    public NegativeQueue(NDManager parent, int size, int width) {
        this.manager = parent.newSubManager();
        this.size = size;
        this.entries = manager.zeros(new Shape(size, width));
    }

    /** All places, [size, width]; those that nothing has come to yet are zero. */
    public NDArray tensor() {
        return entries;
    }

    /**
     * What is there, [at most size, width], in no particular order. It shares the queue's memory until the next
     * {@link #push}.
     *
     * @param scope owns the result
     * @param pushed outputs that the queue has been given so far, 1 or more
     */
    public NDArray filled(NDManager scope, long pushed) {
        NDArray filled = entries.get(new NDIndex("0:{}", Math.min(pushed, size)));
        filled.attach(scope);
        return filled;
    }

    /**
     * Puts outputs in, over the oldest.
     *
     * @param outputs [N, width], N at most the queue's size
     * @param pushed outputs that the queue has been given before
     */
    public void push(NDArray outputs, long pushed) {
        int count = (int) outputs.getShape().get(0);
        if (count > size) {
            throw new IllegalArgumentException("a queue of " + size + " cannot take " + count + " outputs at once");
        }
        int start = (int) (pushed % size);
        int first = Math.min(count, size - start);
        put(outputs, 0, first, start);
        put(outputs, first, count, 0);
    }

    private void put(NDArray outputs, int from, int to, int at) {
        if (from < to) {
            try (NDArray part = outputs.get(new NDIndex("{}:{}", from, to))) {
                entries.set(new NDIndex("{}:{}", at, at + to - from), part);
            }
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
