package dev.tutelage.gateway.queue;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tutelage.control.name.NearestNames;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.gateway.api.Problems;
import io.quarkiverse.resteasy.problem.HttpProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Answers as they are sent. */
@Schema(name = "LabelAnswers", requiredProperties = "answers")
public record AnswersRequest(Optional<List<Given>> answers) {
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /** An answer. */
    @Schema(name = "LabelAnswer", requiredProperties = "image")
    public record Given(
            @Schema(description = "SHA-256 of the image's bytes")
            Optional<String> image,

            @Schema(description = "Name of the class that it shows") @JsonProperty("class")
            Optional<String> className,

            @Schema(description = "True instead of a class: this gateway does not ask for it again")
            Optional<Boolean> skip,

            @Schema(description = "Digest of the shard that holds it; needed of images that have left the queue")
            Optional<String> shard) {}

    /**
     * The answers, if all of them are well-formed.
     *
     * @throws HttpProblem with status 400 if one is not
     */
    List<Answer> answers(TaskDeclared task, int most) {
        List<Given> given = answers.orElseThrow(() -> bad("Field 'answers' is missing; it must be a list"));
        if (given.isEmpty() || given.size() > most) {
            throw bad("Field 'answers' must be a list of 1 to " + most + " answers, not of " + given.size());
        }
        List<Answer> parsed = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            String where = "answers[" + i + "]";
            parsed.add(
                    answer(task, Optional.ofNullable(given.get(i)).orElseThrow(() -> bad(where + " is null")), where));
        }
        return parsed;
    }

    private static Answer answer(TaskDeclared task, Given given, String where) {
        String image = given.image().orElseThrow(() -> bad(where + ".image is missing"));
        requireDigest(image, where + ".image");
        given.shard().ifPresent(shard -> requireDigest(shard, where + ".shard"));
        boolean skipped = given.skip().orElse(false);
        if (skipped == given.className().isPresent()) {
            throw bad(where + " must have either a class or \"skip\": true");
        }
        OptionalInt label = skipped
                ? OptionalInt.empty()
                : OptionalInt.of(label(task, given.className().orElseThrow())
                        .orElseThrow(() -> Problems.badRequest(
                                "Unknown class",
                                where + ".class: "
                                        + unknown(task, given.className().orElseThrow()))));
        return new Answer(image, given.shard(), label);
    }

    /** The number of a class, if the task has one of that name. */
    static Optional<Integer> label(TaskDeclared task, String name) {
        int label = task.getClassesList().indexOf(name);
        return label < 0 ? Optional.empty() : Optional.of(label);
    }

    /** A sentence about a class that there is not. */
    static String unknown(TaskDeclared task, String name) {
        return "Task '" + task.getTask() + "' has no class '" + name + "'. "
                + NearestNames.sentence(name, task.getClassesList());
    }

    private static void requireDigest(String text, String where) {
        if (!DIGEST.matcher(text).matches()) {
            throw bad(where + " must be a SHA-256 in 64 lower-case hexadecimal digits, not '" + text + "'");
        }
    }

    private static HttpProblem bad(String detail) {
        return Problems.badRequest("Bad body", detail);
    }
}
