package dev.tutelage.learning.recipe;

/**
 * The memory of pretraining (arXiv 2006.10029, section 2; MoCo, arXiv 1911.05722): what views are compared with comes from
 * a slowly moving copy of the network, also from its past batches.
 *
 * @param queue how many outputs of past batches are kept, 0..1048576; 0 turns the memory off. The paper's is 65536
 * @param momentum how much of the copy a step keeps, 0..1; the paper's is 0.999
 */
public record MemoryRecipe(int queue, double momentum) {

    /** No memory: views are compared within their batch. */
    public static final MemoryRecipe OFF = new MemoryRecipe(0, 0.999);

    /** @throws InvalidRecipeException naming the field that is out of its range */
    public MemoryRecipe {
        Require.that(queue >= 0 && queue <= 1_048_576, "memory.queue", "0..1048576", queue);
        Require.that(momentum >= 0 && momentum <= 1, "memory.momentum", "0..1", momentum);
    }

    /** Whether there is any. */
    public boolean on() {
        return queue > 0;
    }
}
