package dev.tutelage.learning.train;

/** Lets a training make so many steps and then ends it; counts those it made. */
final class Patience implements TrainingObserver {

    private final int limit;
    private int steps;

    Patience(int limit) {
        this.limit = limit;
    }

    static Patience endless() {
        return new Patience(Integer.MAX_VALUE);
    }

    /** Steps made, but for the last one of a phase, after which nobody asks. */
    int steps() {
        return steps;
    }

    @Override
    public void progress(Progress progress) {}

    @Override
    public boolean stopRequested() {
        steps++;
        return steps == limit;
    }
}
