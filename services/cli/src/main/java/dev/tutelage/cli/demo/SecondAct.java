package dev.tutelage.cli.demo;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.Verdict;
import dev.tutelage.platform.ledger.TaskLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What came of the images and labels that arrived when there were a teacher and a student already.
 *
 * @param before act one, by its end
 * @param after act two, by its end
 * @param rejected candidates that the gate did not promote, whichever act they are of
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record SecondAct(Act before, Act after, List<Rejected> rejected) {

    /**
     * What there was at an act's end.
     *
     * @param images without labels that had come
     * @param labels that had come
     * @param seconds from the arrival of the act's first images to the promotion of its student
     */
    record Act(long images, long labels, Model teacher, Model student, double seconds) {}

    /**
     * A holder of a role.
     *
     * @param top1 on the held-out images, in percent
     * @param promotion the how manyth holder of the role it is, from 1
     */
    record Model(@JsonProperty("top1") double top1, int promotion, String checkpoint) {}

    /**
     * Why a candidate was not promoted.
     *
     * @param reason as the gate gives it
     */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Rejected(
            String role,
            String checkpoint,
            @JsonProperty("top1") double top1,
            @JsonProperty("holder_top1") double holderTop1,
            String reason) {

        static Rejected of(CandidateJudged judged) {
            return new Rejected(
                    name(judged.getRole()),
                    judged.getCheckpoint(),
                    judged.getEvidence().getCandidateTop1(),
                    judged.getEvidence().getHolderTop1(),
                    (judged.getVerdict() == Verdict.VERDICT_AWAITING_APPROVAL ? "a person has to approve it: " : "")
                            + judged.getEvidence().getReason());
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%s %s, top-1 %.2f%% beside the holder's %.2f%%: %s",
                    role,
                    checkpoint.substring(0, Math.min(12, checkpoint.length())),
                    top1,
                    holderTop1,
                    reason);
        }
    }

    SecondAct {
        rejected = List.copyOf(rejected);
    }

    /**
     * Whether everything that the new data sets off has come to its end: pretraining has gone on, what was fine-tuned from it is
     * judged, the teacher of the day has a student that is judged, and nothing is under way.
     */
    static boolean isOver(TaskLedger task) {
        return task.runs().stream().allMatch(run -> TaskLedger.isTerminal(run.getState()))
                && goneOn(task)
                        .filter(encoder -> isJudged(task, Stage.STAGE_FINE_TUNE, encoder))
                        .isPresent()
                && task.holder(Role.ROLE_TEACHER)
                        .filter(teacher -> isJudged(task, Stage.STAGE_DISTILL, teacher.getCheckpoint()))
                        .isPresent()
                && judgements(task).allMatch(judged -> isSaid(task, judged));
    }

    /** The newest checkpoint of a pretraining that did not start at random. */
    private static Optional<String> goneOn(TaskLedger task) {
        return task.checkpoints(Stage.STAGE_PRETRAIN).stream()
                .filter(checkpoint -> !checkpoint.getStart().isEmpty())
                .map(CheckpointPublished::getDigest)
                .reduce((older, newer) -> newer);
    }

    /** Whether there are checkpoints of a stage that were made from that parent, and the gate has looked at them all. */
    private static boolean isJudged(TaskLedger task, Stage stage, String parent) {
        List<CheckpointPublished> made = task.checkpoints(stage).stream()
                .filter(checkpoint -> checkpoint.getParent().equals(parent))
                .toList();
        Role role = role(stage);
        return !made.isEmpty()
                && made.stream()
                        .map(CheckpointPublished::getDigest)
                        .allMatch(digest -> task.judgement(role, digest).isPresent()
                                || task.promotionTime(role, digest).isPresent());
    }

    /** Topics are read side by side: a judgement may be seen before the promotion that was said with it. */
    private static boolean isSaid(TaskLedger task, CandidateJudged judged) {
        return judged.getVerdict() != Verdict.VERDICT_PROMOTED
                || task.promotionTime(judged.getRole(), judged.getCheckpoint()).isPresent();
    }

    private static Stream<CandidateJudged> judgements(TaskLedger task) {
        return Stream.of(Stage.STAGE_FINE_TUNE, Stage.STAGE_DISTILL).flatMap(stage -> task.checkpoints(stage).stream()
                .flatMap(made -> task.judgement(role(stage), made.getDigest()).stream()));
    }

    private static Role role(Stage stage) {
        return stage == Stage.STAGE_FINE_TUNE ? Role.ROLE_TEACHER : Role.ROLE_STUDENT;
    }

    private static String name(Role role) {
        return role == Role.ROLE_TEACHER ? "teacher" : "student";
    }

    /**
     * The acts of a task that {@link #isOver}.
     *
     * @param firstShards unlabeled shards of act one
     * @param firstLabels labels of act one
     */
    static SecondAct of(TaskLedger task, int firstShards, long firstLabels) {
        List<ShardAdded> shards = task.unlabeled();
        List<Promoted> students = task.promotions(Role.ROLE_STUDENT);
        List<Promoted> teachers = task.promotions(Role.ROLE_TEACHER);
        Act before = new Act(
                images(shards.subList(0, firstShards)),
                firstLabels,
                model(task, teachers, 1),
                model(task, students, 1),
                seconds(task, 0, students.get(0)));
        Act after = new Act(
                images(shards),
                images(task.labeled()),
                model(task, teachers, teachers.size()),
                model(task, students, students.size()),
                seconds(task, firstShards, students.get(students.size() - 1)));
        return new SecondAct(
                before,
                after,
                judgements(task)
                        .filter(judged -> judged.getVerdict() != Verdict.VERDICT_PROMOTED)
                        .map(Rejected::of)
                        .toList());
    }

    private static long images(List<ShardAdded> shards) {
        return shards.stream().mapToLong(ShardAdded::getImages).sum();
    }

    private static Model model(TaskLedger task, List<Promoted> promotions, int number) {
        String digest = promotions.get(number - 1).getCheckpoint();
        double top1 = task.checkpoint(digest).orElseThrow().getMetricsOrThrow("top1");
        return new Model(top1, number, digest);
    }

    private static double seconds(TaskLedger task, int firstShard, Promoted student) {
        Instant promoted =
                task.promotionTime(Role.ROLE_STUDENT, student.getCheckpoint()).orElseThrow();
        return Duration.between(task.unlabeledTimes().get(firstShard), promoted).toMillis() / 1e3;
    }

    /** The roles whose holders are still those of act one. */
    List<String> unchanged() {
        List<String> roles = new ArrayList<>();
        if (before.teacher().equals(after.teacher())) {
            roles.add("teacher");
        }
        if (before.student().equals(after.student())) {
            roles.add("student");
        }
        return roles;
    }

    /** Why the new data gave no better teacher or student, if so. */
    Optional<String> failure() {
        if (unchanged().isEmpty()) {
            return Optional.empty();
        }
        List<String> lines = new ArrayList<>();
        lines.add("The new images and labels gave no better " + String.join(" and no better ", unchanged())
                + ": act one's keeps the role. The gate has turned down:");
        rejected.forEach(each -> lines.add("  " + each));
        return Optional.of(String.join(System.lineSeparator(), lines));
    }

    /** Both acts as a table, a line each. */
    List<String> table() {
        return List.of(
                "",
                String.format(
                        Locale.ROOT,
                        "  %-10s %9s %8s %12s %12s %9s",
                        "",
                        "images",
                        "labels",
                        "teacher %",
                        "student %",
                        "seconds"),
                row("act one", before),
                row("act two", after),
                String.format(
                        Locale.ROOT,
                        "  %-10s %9s %8s %+12.2f %+12.2f",
                        "gained",
                        "",
                        "",
                        after.teacher().top1() - before.teacher().top1(),
                        after.student().top1() - before.student().top1()),
                "",
                "  top-1 on the same held-out images; seconds from the arrival of an act's first images to the promotion of"
                        + " its student;",
                String.format(
                        Locale.ROOT,
                        "  the teacher is the %s to hold its role, the student the %s; the gate turned %d down",
                        ordinal(after.teacher().promotion()),
                        ordinal(after.student().promotion()),
                        rejected.size()));
    }

    private static String row(String name, Act act) {
        return String.format(
                Locale.ROOT,
                "  %-10s %,9d %,8d %12.2f %12.2f %9.0f",
                name,
                act.images(),
                act.labels(),
                act.teacher().top1(),
                act.student().top1(),
                act.seconds());
    }

    private static String ordinal(int number) {
        return switch (number) {
            case 1 -> "1st";
            case 2 -> "2nd";
            case 3 -> "3rd";
            default -> number + "th";
        };
    }
}
