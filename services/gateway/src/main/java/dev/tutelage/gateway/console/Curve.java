package dev.tutelage.gateway.console;

import dev.tutelage.event.v1.RunProgressed;
import java.util.ArrayList;
import java.util.List;

/**
 * How loss and learning rate of a run have gone, in at most so many points: when there are more, every other one is dropped, and
 * of what comes then, only each second, fourth, ... is kept. Not thread-safe.
 */
final class Curve {
    private final int capacity;
    private final List<Point> points = new ArrayList<>();
    private long seen;
    private long stride = 1;
    private String phase = "";
    /** Steps of the phases before this one. */
    private long before;

    /**
     * A moment of a run.
     *
     * @param number of the progress that told it, from 0; ascending
     * @param step done since the run's beginning, over all its phases; ascending
     */
    record Point(long number, long step, double loss, double learningRate) {}

    Curve(int capacity) {
        this.capacity = capacity;
    }

    /** A run that goes on from a snapshot does some steps again: what was told of them before is forgotten. */
    void add(RunProgressed progress) {
        if (!progress.getPhase().equals(phase)) {
            before = points.isEmpty() ? 0 : last().step();
            phase = progress.getPhase();
        }
        long step = before + progress.getStep();
        while (!points.isEmpty() && last().step() >= step) {
            points.remove(points.size() - 1);
        }
        if (seen % stride == 0 && Double.isFinite(progress.getLoss())) {
            points.add(new Point(seen, step, progress.getLoss(), progress.getLearningRate()));
        }
        seen++;
        if (points.size() > capacity) {
            thin();
        }
    }

    private void thin() {
        List<Point> kept = new ArrayList<>();
        for (int i = 0; i < points.size(); i += 2) {
            kept.add(points.get(i));
        }
        points.clear();
        points.addAll(kept);
        stride *= 2;
    }

    private Point last() {
        return points.get(points.size() - 1);
    }

    /** How much progress was told. */
    long seen() {
        return seen;
    }

    /** The points, by step. */
    List<Point> points() {
        return List.copyOf(points);
    }
}
