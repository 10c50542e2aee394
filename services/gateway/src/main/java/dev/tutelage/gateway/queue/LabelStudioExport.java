package dev.tutelage.gateway.queue;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.gateway.api.Problems;
import dev.tutelage.gateway.queue.Outcome.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Reads what Label Studio exports as JSON: tasks with the annotations that people made. Of these, choices are looked at. All else
 * that is in an export is passed over, and takes no memory.
 *
 * @see <a href="https://labelstud.io/guide/task_format">Label Studio's format of tasks</a>
 */
final class LabelStudioExport {
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
    private static final String CHOICES = "choices";
    private static final ObjectReader TASKS = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build()
            .readerFor(Annotated.class);

    private LabelStudioExport() {}

    private record Annotated(Optional<Data> data, Optional<List<Annotation>> annotations) {
        private List<Annotation> made() {
            return annotations.orElse(List.of());
        }
    }

    private record Data(Optional<String> image, Optional<String> digest, Optional<String> shard) {}

    private record Annotation(
            @JsonProperty("was_cancelled") Optional<Boolean> wasCancelled, Optional<List<Result>> result) {
        private boolean cancelled() {
            return wasCancelled.orElse(false);
        }
    }

    private record Result(Optional<String> type, Optional<Value> value) {}

    private record Value(Optional<List<String>> choices) {}

    /**
     * An item of an export: an answer, or why it is none.
     *
     * @param image digest of the image; empty where it is not known
     */
    record Item(String image, Optional<Answer> answer, Optional<Outcome> refused) {
        private static Item of(Answer answer) {
            return new Item(answer.image(), Optional.of(answer), Optional.empty());
        }

        private static Item refused(String image, Kind kind, String detail) {
            return new Item(image, Optional.empty(), Optional.of(Outcome.refused(image, kind, detail)));
        }
    }

    /**
     * Reads an export: a list of tasks, or one.
     *
     * @throws io.quarkiverse.resteasy.problem.HttpProblem with status 400 if it is none
     */
    static List<Item> read(TaskDeclared task, byte[] body) {
        List<Item> items = new ArrayList<>();
        try (MappingIterator<Annotated> tasks = TASKS.readValues(body)) {
            while (tasks.hasNextValue()) {
                Optional<Annotated> next = Optional.ofNullable(tasks.nextValue());
                int number = items.size();
                items.add(item(task, next.orElseThrow(() -> bad("Item " + number + " is null"))));
            }
        } catch (JsonProcessingException e) {
            throw bad("Item " + items.size() + ", line " + line(e) + ": the body is no export of Label Studio: "
                    + e.getOriginalMessage().replaceAll(" \\(start marker at .*", ""));
        } catch (IOException e) {
            throw bad("The body cannot be read: " + e.getMessage());
        }
        if (items.isEmpty()) {
            throw bad("The body holds no task. Export from Label Studio as JSON, and send the file as it is");
        }
        return items;
    }

    private static String line(JsonProcessingException e) {
        return Optional.ofNullable(e.getLocation())
                .map(location -> Integer.toString(location.getLineNr()))
                .orElse("unknown");
    }

    private static RuntimeException bad(String detail) {
        return Problems.badRequest("Bad body", detail);
    }

    private static Item item(TaskDeclared task, Annotated annotated) {
        Optional<Data> data = annotated.data();
        Optional<ImageAddress> address = data.flatMap(Data::image).flatMap(ImageAddress::in);
        Optional<String> image = data.flatMap(Data::digest)
                .filter(digest -> DIGEST.matcher(digest).matches())
                .or(() -> address.map(ImageAddress::image));
        if (image.isEmpty()) {
            return Item.refused(
                    "",
                    Kind.UNKNOWN_IMAGE,
                    "Neither data.digest is the SHA-256 of an image nor does data.image end as addresses of this"
                            + " gateway's images do: /shards/{shard}/images/{image}");
        }
        Optional<String> shard = data.flatMap(Data::shard)
                .filter(digest -> DIGEST.matcher(digest).matches())
                .or(() -> address.map(ImageAddress::shard));
        return item(task, annotated, image.get(), shard);
    }

    private static Item item(TaskDeclared task, Annotated annotated, String image, Optional<String> shard) {
        List<Annotation> made = annotated.made().stream()
                .flatMap(each -> Optional.ofNullable(each).stream())
                .filter(each -> !each.cancelled())
                .toList();
        List<String> choices = made.stream()
                .flatMap(each -> each.result().orElse(List.of()).stream())
                .flatMap(each -> Optional.ofNullable(each).stream())
                .filter(each -> each.type().filter(CHOICES::equals).isPresent())
                .flatMap(each -> each.value().flatMap(Value::choices).orElse(List.of()).stream())
                .flatMap(each -> Optional.ofNullable(each).stream())
                .distinct()
                .toList();
        if (choices.isEmpty()) {
            return Item.refused(
                    image,
                    Kind.SKIPPED,
                    annotated.made().isEmpty()
                            ? "It has no annotation"
                            : made.isEmpty() ? "Its annotations were cancelled" : "No class is chosen in it");
        } else if (choices.size() > 1) {
            return Item.refused(
                    image, Kind.SEVERAL_CHOICES, "Several classes are chosen: " + String.join(", ", choices));
        }
        return AnswersRequest.label(task, choices.get(0))
                .map(label -> Item.of(new Answer(image, shard, OptionalInt.of(label))))
                .orElseGet(() -> Item.refused(image, Kind.UNKNOWN_CLASS, AnswersRequest.unknown(task, choices.get(0))));
    }
}
