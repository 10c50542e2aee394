package dev.tutelage.learning.train;

/** The batches of a plan, step by step: an epoch's order is drawn once, when its first batch is asked for. */
final class PlannedBatches {

    private final Plan plan;
    private int epoch = -1;
    private int[] order = {};

    PlannedBatches(Plan plan) {
        this.plan = plan;
    }

    /** The images of a step, as numbers of the image set. */
    int[] at(long step) {
        if (plan.epoch(step) != epoch) {
            epoch = plan.epoch(step);
            order = plan.order(epoch);
        }
        return plan.batch(order, step);
    }
}
