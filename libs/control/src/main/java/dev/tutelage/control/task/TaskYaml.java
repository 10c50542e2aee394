package dev.tutelage.control.task;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tutelage.event.v1.DriftPolicy;
import dev.tutelage.event.v1.ImageShape;
import dev.tutelage.event.v1.Policies;
import dev.tutelage.event.v1.Relabel;
import dev.tutelage.event.v1.RelabelKind;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.learning.recipe.DistillRecipe.TeacherLogits;
import dev.tutelage.learning.recipe.InvalidRecipeException;
import dev.tutelage.learning.recipe.Recipe;
import dev.tutelage.learning.recipe.Recipes;
import dev.tutelage.learning.recipe.SelectionRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Reads task files into the fact that declares the task. */
public final class TaskYaml {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern NEWEST = Pattern.compile("newest ([1-9][0-9]{0,17})");
    /** How Jackson's message begins where a field is absent; there is no type of exception for it. */
    private static final String MISSING = "Missing required creator property";

    private static final int LARGEST_SIDE = 4096;

    private final String file;
    private final TaskFormat format;

    private TaskYaml(String file, TaskFormat format) {
        this.file = file;
        this.format = format;
    }

    /**
     * Reads a task file.
     *
     * @param seed in place of the file's
     * @throws InvalidTaskException naming the file, the field and what to do
     */
    public static TaskDeclared read(Path file, OptionalLong seed) throws InvalidTaskException {
        return new TaskYaml(file.toString(), TaskFormat.YAML).read(text(file), seed);
    }

    /**
     * Reads the text of a task file.
     *
     * @param name of the text, for messages
     * @throws InvalidTaskException naming the text, the field and what to do
     */
    public static TaskDeclared read(String name, String text, TaskFormat format) throws InvalidTaskException {
        return new TaskYaml(name, format).read(text, OptionalLong.empty());
    }

    private static String text(Path file) throws InvalidTaskException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new InvalidTaskException(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new InvalidTaskException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private TaskDeclared read(String text, OptionalLong seed) throws InvalidTaskException {
        TaskFile task = parse(text);
        check(task);
        long chosen = seed.orElse(task.seed());
        dev.tutelage.event.v1.Recipes recipes = recipes(task.recipes(), chosen);
        return TaskDeclared.newBuilder()
                .setTask(task.task())
                .addAllClasses(task.classes())
                .setImage(ImageShape.newBuilder()
                        .setChannels(task.image().channels())
                        .setHeight(task.image().height())
                        .setWidth(task.image().width()))
                .setRecipes(recipes)
                .setPolicies(policies(task.policies()))
                .setSelection(selection(task.selection(), recipes, chosen))
                .addAllSources(new SourceYaml(file).read(task.sources().orElse(List.of()), task.classes()))
                .build();
    }

    private TaskFile parse(String text) throws InvalidTaskException {
        try {
            // The strict mapper would first miss the field that an unknown one is a misspelling of.
            documents(format.namesOnly(), text);
            List<TaskFile> documents = documents(format.strict(), text);
            if (documents.size() != 1) {
                throw new InvalidTaskException(
                        file + ": declares " + documents.size() + " tasks; a task file declares exactly one");
            }
            return documents.get(0);
        } catch (UnrecognizedPropertyException e) {
            throw new InvalidTaskException(at(e) + unknownField(e), e);
        } catch (MismatchedInputException e) {
            String problem = e.getOriginalMessage().startsWith(MISSING) ? "is missing" : e.getOriginalMessage();
            throw new InvalidTaskException(at(e) + path(e) + problem, e);
        } catch (JsonMappingException e) {
            throw e.getCause() instanceof JsonParseException cause
                    ? malformed(cause)
                    : new InvalidTaskException(at(e) + path(e) + e.getOriginalMessage(), e);
        } catch (JsonProcessingException e) {
            throw malformed(e);
        } catch (IOException e) {
            throw new InvalidTaskException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private InvalidTaskException malformed(JsonProcessingException e) {
        // Where an object that does not end begins is told in a way that is of no use to people.
        String problem = e.getOriginalMessage().replaceAll(" \\(start marker at .*", "");
        return new InvalidTaskException(at(e) + "not valid " + format + ": " + problem, e);
    }

    private static List<TaskFile> documents(ObjectMapper mapper, String text) throws IOException {
        try (var values = mapper.readerFor(TaskFile.class).<TaskFile>readValues(text)) {
            return values.readAll();
        }
    }

    private void check(TaskFile task) throws InvalidTaskException {
        require(NAME.matcher(task.task()).matches(), "task", "1 to 63 lower-case letters, digits and inner dashes");
        require(task.classes().size() >= 2, "classes", "2 or more names");
        require(new HashSet<>(task.classes()).size() == task.classes().size(), "classes", "names that differ");
        TaskFile.Image image = task.image();
        require(
                image.channels() >= 1 && image.channels() <= 4,
                "image.channels",
                "1 (grey), 2 (grey, alpha), 3 (RGB) or 4 (RGBA)");
        require(image.height() >= 8 && image.height() <= LARGEST_SIDE, "image.height", "8.." + LARGEST_SIDE);
        require(image.width() >= 8 && image.width() <= LARGEST_SIDE, "image.width", "8.." + LARGEST_SIDE);
        TaskFile.StagePolicies policies = task.policies();
        require(policies.pretrainMinImages() >= 2, "policies.pretrain-min-images", "2 or more");
        require(policies.fineTuneMinLabels() >= 2, "policies.fine-tune-min-labels", "2 or more");
        require(policies.distillMinImages() >= 2, "policies.distill-min-images", "2 or more");
        require(policies.evaluationMinImages() >= 1, "policies.evaluation-min-images", "1 or more");
        double top1 = policies.promotionMinTop1();
        require(top1 >= 0 && top1 <= 100, "policies.promotion-min-top1", "0..100, in percent");
        if (policies.drift().isPresent()) {
            check(policies.drift().get());
        }
    }

    private void check(TaskFile.Drift drift) throws InvalidTaskException {
        require(drift.windowImages().orElse(2) >= 2, "policies.drift.window-images", "2 or more");
        requirePositive(drift.confidence(), "policies.drift.confidence");
        requirePositive(drift.classPrior(), "policies.drift.class-prior");
        requirePositive(drift.features(), "policies.drift.features");
    }

    private void requirePositive(OptionalDouble threshold, String field) throws InvalidTaskException {
        double value = threshold.orElse(1);
        require(value > 0 && Double.isFinite(value), field, "more than 0");
    }

    private void require(boolean valid, String field, String allowed) throws InvalidTaskException {
        if (!valid) {
            throw new InvalidTaskException(file + ": field '" + field + "' must be " + allowed);
        }
    }

    private dev.tutelage.event.v1.Recipes recipes(TaskFile.StageRecipes recipes, long seed)
            throws InvalidTaskException {
        dev.tutelage.event.v1.Recipes.Builder built = dev.tutelage.event.v1.Recipes.newBuilder()
                .setPretrain(recipe("pretrain", Recipes.PRETRAIN, recipes.pretrain(), seed))
                .setFineTune(recipe("fine-tune", Recipes.FINE_TUNE, recipes.fineTune(), seed))
                .setLabel(recipe("label", Recipes.LABEL, recipes.label(), seed))
                .setDistill(recipe("distill", Recipes.DISTILL, recipes.distill(), seed));
        if (recipes.supervised().isPresent()) {
            built.setSupervised(recipe(
                    "supervised", Recipes.SUPERVISED, recipes.supervised().get(), seed));
        }
        if (recipes.selfDistill().isPresent()) {
            built.setSelfDistill(recipe(
                    "self-distill", Recipes.DISTILL, recipes.selfDistill().get(), seed));
        }
        return built.build();
    }

    private <R extends Recipe> String recipe(String stage, Recipes<R> kind, ObjectNode declared, long seed)
            throws InvalidTaskException {
        ObjectNode overrides = declared.deepCopy();
        JsonNode preset = overrides.remove("preset");
        if (preset == null || !preset.isTextual()) {
            throw new InvalidTaskException(file + ": field 'recipes." + stage + ".preset' must name a preset: "
                    + String.join(", ", kind.presets()));
        }
        overrides.put("seed", seed);
        try {
            return kind.write(kind.override(kind.preset(preset.asText()), overrides.toString()));
        } catch (InvalidRecipeException e) {
            throw new InvalidTaskException(file + ": field 'recipes." + stage + "': " + e.getMessage(), e);
        }
    }

    /** Canonical JSON, empty if nothing is left out: however that is said, it is the same task. */
    private String selection(Optional<ObjectNode> declared, dev.tutelage.event.v1.Recipes recipes, long seed)
            throws InvalidTaskException {
        if (declared.isEmpty()) {
            return "";
        }
        ObjectNode overrides = declared.get().deepCopy();
        overrides.put("seed", seed);
        try {
            SelectionRecipe selection =
                    Recipes.SELECTION.override(Recipes.SELECTION.preset("everything"), overrides.toString());
            require(
                    selection.keepsEverything()
                            || Recipes.DISTILL.read(recipes.getDistill()).teacher() == TeacherLogits.STORED,
                    "selection",
                    "left out, or recipes.distill.teacher STORED: it looks at soft labels");
            return selection.keepsEverything() ? "" : Recipes.SELECTION.write(selection);
        } catch (InvalidRecipeException e) {
            throw new InvalidTaskException(file + ": field 'selection': " + e.getMessage(), e);
        }
    }

    private Policies policies(TaskFile.StagePolicies policies) throws InvalidTaskException {
        Policies.Builder built = Policies.newBuilder()
                .setRelabel(relabel(policies.relabel().orElse("all")))
                .setPretrainMinImages(policies.pretrainMinImages())
                .setFineTuneMinLabels(policies.fineTuneMinLabels())
                .setDistillMinImages(policies.distillMinImages())
                .setEvaluationMinImages(policies.evaluationMinImages())
                .setPromotionMinTop1(policies.promotionMinTop1());
        policies.drift().map(TaskYaml::drift).ifPresent(built::setDrift);
        new GateYaml(file).addTo(built, policies);
        if (policies.retention().isPresent()) {
            built.setRetention(new RetentionYaml(file).read(policies.retention().get()));
        }
        if (policies.retrain().isPresent()) {
            built.setRetrain(new RetrainYaml(file).read(policies.retrain().get()));
        }
        return built.build();
    }

    private static DriftPolicy drift(TaskFile.Drift drift) {
        return DriftPolicy.newBuilder()
                .setWindowImages(drift.windowImages().orElse(0))
                .setConfidence(drift.confidence().orElse(0))
                .setClassPrior(drift.classPrior().orElse(0))
                .setFeatures(drift.features().orElse(0))
                .build();
    }

    private Relabel relabel(String policy) throws InvalidTaskException {
        Matcher newest = NEWEST.matcher(policy);
        if (newest.matches()) {
            return Relabel.newBuilder()
                    .setKind(RelabelKind.RELABEL_KIND_NEWEST)
                    .setNewestImages(Long.parseLong(newest.group(1)))
                    .build();
        }
        RelabelKind kind =
                switch (policy) {
                    case "none" -> RelabelKind.RELABEL_KIND_NONE;
                    case "all" -> RelabelKind.RELABEL_KIND_ALL;
                    case "uncertain first" -> RelabelKind.RELABEL_KIND_UNCERTAIN_FIRST;
                    default -> RelabelKind.UNRECOGNIZED;
                };
        require(
                kind != RelabelKind.UNRECOGNIZED,
                "policies.relabel",
                "none, all, newest N (a number of images) or uncertain first, not '" + policy + "'");
        return Relabel.newBuilder().setKind(kind).build();
    }

    private static String unknownField(UnrecognizedPropertyException e) {
        Collection<Object> known = e.getKnownPropertyIds();
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        String nearest = known.stream()
                .map(Object::toString)
                .min(Comparator.comparing(name -> distance.apply(name, e.getPropertyName())))
                .map(name -> "; did you mean '" + name + "'?")
                .orElse("");
        return "unknown field '" + fieldOf(e) + "'" + nearest;
    }

    private String at(JsonProcessingException e) {
        return e.getLocation() == null
                ? file + ": "
                : file + ", line " + e.getLocation().getLineNr() + ": ";
    }

    private static String path(JsonMappingException e) {
        String field = fieldOf(e);
        return field.isEmpty() ? "" : "field '" + field + "' ";
    }

    private static String fieldOf(JsonMappingException e) {
        return e.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .collect(Collectors.joining("."));
    }
}
