package dev.tutelage.gateway.console;

import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.gateway.history.Said;
import dev.tutelage.gateway.history.TaskHistory;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Held-out top-1, in percent, by time: of the checkpoints that compete for roles when they were made, and of those that took a role
 * when they took it. All lists are as long as the list of times; of each time one of them has a value.
 *
 * @param time in seconds since 1970, none before the one before it
 * @param teachers of classifiers that may become the teacher
 * @param students of students
 * @param teacher of who became the teacher
 * @param student of who became the student
 */
public record ModelChart(
        List<Long> time,
        List<Optional<Double>> teachers,
        List<Optional<Double>> students,
        List<Optional<Double>> teacher,
        List<Optional<Double>> student) {
    private static final Set<Stage> TEACHERS = EnumSet.of(Stage.STAGE_FINE_TUNE, Stage.STAGE_SELF_DISTILL);

    public ModelChart {
        time = List.copyOf(time);
        teachers = List.copyOf(teachers);
        students = List.copyOf(students);
        teacher = List.copyOf(teacher);
        student = List.copyOf(student);
    }

    /** What a value is of. */
    private enum Series {
        TEACHERS,
        STUDENTS,
        TEACHER,
        STUDENT
    }

    private record Value(Series series, Instant time, double top1) {}

    /** The models of a task over time. */
    static ModelChart of(TaskHistory task) {
        List<Value> values = Stream.concat(made(task), took(task))
                .sorted(Comparator.comparing(Value::time))
                .toList();
        return new ModelChart(
                values.stream().map(each -> each.time().getEpochSecond()).toList(),
                only(Series.TEACHERS, values),
                only(Series.STUDENTS, values),
                only(Series.TEACHER, values),
                only(Series.STUDENT, values));
    }

    /** Whether there is anything to be shown. */
    static boolean isEmpty(TaskHistory task) {
        return made(task).findAny().isEmpty();
    }

    private static List<Optional<Double>> only(Series series, List<Value> values) {
        return values.stream()
                .map(each -> each.series() == series ? Optional.of(each.top1()) : Optional.<Double>empty())
                .toList();
    }

    private static Stream<Value> made(TaskHistory task) {
        return task.checkpoints().stream()
                .filter(each -> each.fact().containsMetrics("top1"))
                .flatMap(each -> competesIn(each.fact())
                        .map(series ->
                                new Value(series, each.time(), each.fact().getMetricsOrThrow("top1")))
                        .stream());
    }

    private static Optional<Series> competesIn(CheckpointPublished checkpoint) {
        if (TEACHERS.contains(checkpoint.getStage())) {
            return Optional.of(Series.TEACHERS);
        }
        return checkpoint.getStage() == Stage.STAGE_DISTILL ? Optional.of(Series.STUDENTS) : Optional.empty();
    }

    private static Stream<Value> took(TaskHistory task) {
        return task.promotions().stream()
                .flatMap(each -> task
                        .checkpoints()
                        .get(each.fact().getCheckpoint())
                        .map(Said::fact)
                        .filter(checkpoint -> checkpoint.containsMetrics("top1"))
                        .map(checkpoint ->
                                new Value(role(each.fact()), each.time(), checkpoint.getMetricsOrThrow("top1")))
                        .stream());
    }

    private static Series role(Promoted promoted) {
        return promoted.getRole() == Role.ROLE_TEACHER ? Series.TEACHER : Series.STUDENT;
    }
}
