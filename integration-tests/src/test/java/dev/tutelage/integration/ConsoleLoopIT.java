package dev.tutelage.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.FilePayload;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.control.access.AccessRole;
import dev.tutelage.control.access.KeyFile;
import dev.tutelage.event.v1.CheckpointPublished;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.PromotionKind;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.learning.data.ImageCodec;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.platform.fixture.Chromium;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** What people do in the console, in a real browser, and what the whole system makes of it. */
@Tag("slow")
@EnabledIf("dev.tutelage.platform.fixture.Chromium#isThere")
class ConsoleLoopIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int UPLOADED = 240;
    private static final int FILES_AT_ONCE = 200;
    private static final String FIRST_SHARD = "#shards tbody tr:first-child ";

    /** A task that people follow. */
    private record Scene(Machine machine, TinyTask task, Watcher watcher, Visit visit) {
        URI login() {
            return machine.console().orElseThrow();
        }

        String key() {
            return login().getFragment();
        }
    }

    @Test
    void peopleBringImagesWatchCorrectDecideAndAskInTheBrowser(@TempDir Path directory) throws Exception {
        MachineOptions options = MachineOptions.everything(Home.directory(), directory.resolve("machine"))
                .withGateway();
        try (Machine machine = Machine.start(options, status -> System.out.println(status.line()));
                TinyTask task = TinyTask.ofConsole(machine);
                Watcher watcher = new Watcher(task.name(), machine);
                Chromium chromium = Chromium.launch(Map.of());
                Visit visit =
                        new Visit(chromium, machine.console().orElseThrow().resolve("/login"), task.name())) {
            Scene scene = new Scene(machine, task, watcher, visit);
            task.declare();
            task.addHeldOutAndLabeled();
            visit.logIn(scene.key());
            imagesAreUploadedAndBecomeShards(scene, directory);
            aCurveGrowsWhileItsRunGoesOn(scene);
            softLabelsBecomeVisible(scene);
            watcher.await("a student", PATIENCE, watcher::hasStudent);
            anImageIsTried(scene);
            aViewerIsRefused(scene, chromium);
            theStudentIsReplacedAndRolledBack(scene);
            threeImagesAreLabeledByKeyboard(scene);
            theirLabelsAreReasonEnoughToFineTuneAgain(scene);
            theRestIsLookedAt(scene);
            assertThat(visit.problems()).isEmpty();
        }
    }

    private static void imagesAreUploadedAndBecomeShards(Scene scene, Path directory) throws Exception {
        Visit visit = scene.visit();
        visit.go("Data");
        visit.page().setInputFiles("#files", unlabeledFiles(directory).toArray(Path[]::new));
        visit.page().click("#upload-start");
        visit.page().waitForSelector("#upload-state:has-text('Done')");
        assertThat(visit.count("#results .mark.bad")).isZero();
        String shard = visit.page().getAttribute("#results a >> nth=0", "href");
        visit.page().waitForSelector("#shards a[href='" + shard + "']");
        visit.page().waitForSelector("dl.tiles:has-text('" + UPLOADED + " images in 2 shards')");
        visit.look("data");
        visit.page().click("#shards a[href='" + shard + "']");
        visit.awaitPictures(".images img");
        visit.look("shard");
    }

    private static List<Path> unlabeledFiles(Path directory) throws IOException {
        ImageSet images = TinyTask.train().withoutLabels();
        Path files = Files.createDirectory(directory.resolve("images"));
        List<Path> written = new ArrayList<>();
        for (int i = 0; i < UPLOADED; i++) {
            Path file = files.resolve("image-" + i + ".png");
            written.add(Files.write(file, ImageCodec.png(images.shape(), images.pixels(i))));
        }
        assertThat(UPLOADED).as("the page sends them in two requests").isGreaterThan(FILES_AT_ONCE);
        return written;
    }

    private static void aCurveGrowsWhileItsRunGoesOn(Scene scene) {
        Visit visit = scene.visit();
        visit.go("Runs");
        visit.page().click("#runs a[href*='/runs/pretrain-']");
        visit.page().waitForSelector("[data-points][data-count]");
        visit.mark();
        int before = points(visit);
        visit.await("more points of the curve", SOON, () -> points(visit) >= before + 5);
        assertThat(visit.text("#live .mark")).as("the run goes on").isEqualTo("running");
        assertThat(visit.isTheSame()).as("the page was not loaded again").isTrue();
        visit.look("run");
        visit.page().waitForSelector("#live .mark.succeeded");
        assertThat(visit.isTheSame()).isTrue();
    }

    private static int points(Visit visit) {
        return Integer.parseInt(visit.page().getAttribute("[data-points]", "data-count"));
    }

    private static void softLabelsBecomeVisible(Scene scene) {
        Visit visit = scene.visit();
        visit.go("Labels");
        visit.reloadUntil("tbody a[href*='/labels/']", PATIENCE);
        visit.look("labels");
        visit.page().click("tbody a[href*='/labels/']");
        visit.page().waitForSelector(".labelled img");
        visit.page().locator(".labelled img").first().scrollIntoViewIfNeeded();
        visit.await("a picture", SOON, () -> visit.page()
                .evaluate("document.querySelector('.labelled img').naturalWidth === 28")
                .equals(true));
        assertThat(visit.text(".labelled h2")).containsPattern(", \\d+(\\.\\d+)? %");
        visit.look("labels-of-a-shard");
    }

    private static void anImageIsTried(Scene scene) throws Exception {
        ImageSet heldOut = TinyTask.heldOut();
        byte[] image = ImageCodec.png(heldOut.shape(), heldOut.pixels(0));
        Visit visit = scene.visit();
        visit.go("Try it");
        visit.reloadUntil("#try", SOON);
        visit.page().setInputFiles("#image", new FilePayload("try.png", "image/png", image));
        visit.page().waitForSelector("#try-state:has-text('try.png shows')");
        List<String> names = visit.page().locator("#likely th").allInnerTexts();
        List<String> shares = visit.page().locator("#likely td.num").allInnerTexts();
        visit.page().waitForSelector("#near[data-compared='" + (UPLOADED + TinyTask.LABELED) + "']");
        assertThat(visit.count("#near img")).isEqualTo(6);
        visit.awaitPictures("#near img");
        assertThat(visit.text("#near li")).containsPattern("^0\\.\\d{3}|^1\\.000");
        visit.look("try");
        String said = predicted(scene, image);
        List<String> expected = likely(said, "\"name\":\"([^\"]+)\"");
        assertThat(names).hasSize(10).isEqualTo(expected);
        assertThat(shares)
                .isEqualTo(likely(said, "\"probability\":([0-9.E-]+)").stream()
                        .map(text -> String.format(Locale.ROOT, "%.2f %%", 100 * Double.parseDouble(text)))
                        .toList());
    }

    /** What the API answers, asked by a program. */
    private static String predicted(Scene scene, byte[] image) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(scene.login()
                                        .resolve("/api" + scene.visit().base() + "/predict"))
                                .header("Authorization", "Bearer " + scene.key())
                                .POST(HttpRequest.BodyPublishers.ofByteArray(image))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private static List<String> likely(String json, String pattern) {
        return Pattern.compile(pattern)
                .matcher(json)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static void aViewerIsRefused(Scene scene, Chromium chromium) throws Exception {
        String key = new KeyFile(scene.machine().state().path().resolve("keys"))
                .create("visitor", AccessRole.VIEWER)
                .text();
        try (Visit visitor = new Visit(chromium, scene.login(), scene.task().name())) {
            visitor.await("the gateway knows the new key", SOON, () -> visitor.isLetIn(key));
            visitor.open("/models/" + fineTuned(scene));
            visitor.page().click("#promote-student");
            visitor.page().click("#ask-yes");
            visitor.page().waitForSelector("#ask-refused:not(:empty)");
            assertThat(visitor.text("#ask-refused"))
                    .contains("needs the role operator", "visitor has the role viewer", "use a key");
            assertThat(visitor.page().isVisible("dialog[open]")).isTrue();
            visitor.look("refused");
            assertThat(visitor.problems())
                    .allMatch(problem -> problem.contains("the server responded with a status of 40"));
        }
        scene.watcher().catchUp();
        assertThat(scene.watcher().promotions(Role.ROLE_STUDENT)).hasSize(1);
    }

    private static String fineTuned(Scene scene) {
        return scene.watcher().checkpoints(Stage.STAGE_FINE_TUNE).get(0).getDigest();
    }

    private static void theStudentIsReplacedAndRolledBack(Scene scene) {
        Visit visit = scene.visit();
        CheckpointPublished distilled =
                scene.watcher().checkpoints(Stage.STAGE_DISTILL).get(0);
        visit.go("Models");
        visit.page().click("#checkpoints a[href$='" + fineTuned(scene) + "']");
        visit.look("model");
        visit.page().click("#promote-student");
        visit.page().fill("#ask-reason", "to see how the larger one does");
        visit.page().click("#ask-yes");
        visit.page().waitForSelector("#said:has-text('It is the student now.')");
        visit.go("Models");
        visit.page().waitForSelector("#promotions tbody tr:first-child:has-text('by hand')");
        assertThat(visit.text("#promotions tbody tr:first-child"))
                .contains("student", fineTuned(scene).substring(0, 12), "to see how the larger one does");
        visit.mark();
        int promotions = visit.count("#promotions tbody tr");
        visit.page().waitForSelector("[data-models][data-promotions='" + promotions + "']");
        visit.page().click("#rollback-student");
        visit.look("roll-back");
        visit.page().click("#ask-yes");
        visit.page().waitForSelector("#said:has-text('The student is rolled back.')");
        visit.page().waitForSelector("#promotions tbody tr:first-child:has-text('rolled back')");
        assertThat(visit.text("#promotions tbody tr:first-child"))
                .contains(distilled.getDigest().substring(0, 12));
        assertThat(visit.count("#promotions tbody tr")).isEqualTo(promotions + 1);
        visit.page().waitForSelector("[data-models][data-promotions='" + (promotions + 1) + "']");
        assertThat(visit.isTheSame()).isTrue();
        visit.look("models");
        scene.watcher().catchUp();
        assertThat(scene.watcher().promotions(Role.ROLE_STUDENT))
                .extracting(Promoted::getKind)
                .endsWith(PromotionKind.PROMOTION_KIND_MANUAL, PromotionKind.PROMOTION_KIND_ROLLBACK);
    }

    private static void threeImagesAreLabeledByKeyboard(Scene scene) {
        Visit visit = scene.visit();
        visit.open("/label");
        visit.page().waitForSelector("#labeling:not([hidden])");
        visit.look("label");
        // The last answer is held until the next thing is done.
        List.of("1", "2", "3", "s").forEach(visit.page().keyboard()::press);
        visit.page().waitForSelector("#labeling[data-labeled='3']");
        visit.go("Data");
        visit.page().waitForSelector("dl.tiles:has-text('" + (TinyTask.LABELED + 3) + " images in ')");
        assertThat(visit.text(FIRST_SHARD)).contains("labeled");
        scene.watcher().catchUp();
        List<String> classes = new ArrayList<>();
        for (ShardAdded shard : scene.watcher().shards()) {
            if (shard.getLabeled() && shard.getImages() <= 3) {
                visit.page().click("#shards a[href$='" + shard.getShard().getDigest() + "']");
                visit.awaitPictures(".images img");
                classes.addAll(visit.page().locator(".images li").allInnerTexts());
                visit.go("Data");
            }
        }
        assertThat(classes)
                .hasSize(3)
                .anyMatch(text -> text.endsWith(": t-shirt"))
                .anyMatch(text -> text.endsWith(": trouser"))
                .anyMatch(text -> text.endsWith(": pullover"));
    }

    private static void theirLabelsAreReasonEnoughToFineTuneAgain(Scene scene) {
        Visit visit = scene.visit();
        visit.open("/runs?stage=fine-tune");
        visit.page().waitForSelector("#runs tbody tr >> nth=1");
        visit.page().click("#runs tbody tr:first-child a");
        visit.page().waitForSelector("#live .mark.running, #live .mark.succeeded");
        assertThat(visit.text("section[aria-labelledby=why]")).contains("3 labels have come since run fine-tune-");
    }

    private static void theRestIsLookedAt(Scene scene) {
        Visit visit = scene.visit();
        for (String path : List.of("", "/runs", "/models/" + fineTuned(scene) + "/lineage", "/drift")) {
            visit.open(path);
            visit.look("rest" + path);
        }
        visit.page().click("text=Health");
        visit.page().waitForSelector("h1:has-text('Health')");
        visit.look("health");
    }
}
