package dev.tutelage.learning.train;

/** Who watches a training and may end it. Called on the thread that trains. */
public interface TrainingObserver {

    /** Called at most twice a second, and after a phase's last step. */
    void progress(Progress progress);

    /** Asked after every step; once true, the training writes a snapshot and throws {@link TrainingStopped}. */
    boolean stopRequested();

    /** Watches nothing and never stops. */
    static TrainingObserver none() {
        return new TrainingObserver() {
            @Override
            public void progress(Progress progress) {}

            @Override
            public boolean stopRequested() {
                return false;
            }
        };
    }
}
