package dev.tutelage.gateway.console;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.gateway.predict.RandomStudent;
import dev.tutelage.learning.data.ImageCodec;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.platform.fixture.Chromium;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.FactReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** People bring images in by the page of data, and ask the student of others. */
@Tag("slow")
@EnabledIf("dev.tutelage.platform.fixture.Chromium#isThere")
class ConsoleImagesIT {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    @TempDir
    static Path folder;

    private static final ImageShape SHAPE = new ImageShape(3, Story.SIDE, Story.SIDE);

    private static FactLog log;
    private static GatewayProcess gateway;
    private static Chromium chromium;

    private final String task = LocalKafka.unique("birds");
    private final Story story = new Story(task);
    private final String base = "/tasks/" + task;

    @BeforeAll
    static void start() throws Exception {
        log = new FactLog(KAFKA.client(), "/tutelage/test", LocalKafka.unique("log"), Clock.systemUTC());
        gateway = GatewayProcess.start(
                KAFKA,
                S3,
                Map.of(
                        "ai.djl.offline", "true",
                        "tutelage.work-dir", folder.resolve("work").toString(),
                        "tutelage.gateway.upload.linger", "200ms"));
        chromium = Chromium.launch(GatewayProcess.HEADERS);
    }

    @AfterAll
    static void stop() {
        chromium.close();
        gateway.close();
        log.close();
    }

    private static byte[] png(ImageShape shape, long seed) {
        byte[] pixels = new byte[shape.size()];
        new SplittableRandom(seed).nextBytes(pixels);
        return ImageCodec.png(shape, pixels);
    }

    private static FilePayload image(String name, long seed) {
        return new FilePayload(name, "image/png", png(SHAPE, seed));
    }

    private static FilePayload zip(String name, Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        return new FilePayload(name, "application/zip", bytes.toByteArray());
    }

    private Page data(BrowserContext context, List<String> problems) throws Exception {
        log.publish(List.of(story.declared()));
        await().untilAsserted(
                        () -> given().get(gateway.at(base + "/data")).then().statusCode(200));
        Page page = Chromium.page(context, problems);
        page.navigate(gateway.at(base + "/data").toString());
        return page;
    }

    private List<ShardAdded> shards() {
        List<ShardAdded> shards = new ArrayList<>();
        try (FactReader reader = new FactReader(KAFKA.client(), List.of(Topic.SHARDS))) {
            reader.readToEnd(placed -> {
                if (placed.fact().payload() instanceof ShardAdded shard
                        && shard.getTask().equals(task)) {
                    shards.add(shard);
                }
            });
        }
        return shards;
    }

    private static String results(Page page) {
        return page.locator("#results tbody").innerText();
    }

    @Test
    void chosenImagesBecomeAShardInTheListAndEachIsTold() throws Exception {
        List<String> problems = new ArrayList<>();
        long seed = 0;
        for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(360, 1440)) {
                seed++;
                try (BrowserContext context = chromium.context(width, colours)) {
                    Page page = data(context, problems);
                    page.waitForFileChooser(() -> page.click("#files")).setFiles(new FilePayload[] {
                        image("one.png", seed),
                        image("same.png", seed),
                        new FilePayload("broken.png", "image/png", "none".getBytes(StandardCharsets.UTF_8))
                    });
                    page.click("#upload-start");
                    page.waitForSelector("#upload-state:has-text('Done')");
                    assertThat(results(page))
                            .containsPattern("one.png\\s+accepted in shard")
                            .containsPattern("same.png\\s+duplicate the same image as one.png")
                            .containsPattern("broken.png\\s+refused");
                    String shard = page.getAttribute("#results a >> nth=0", "href");
                    page.waitForSelector("#shards a[href='" + shard + "']");
                    Chromium.look(page, "upload", colours + " " + width, problems);
                }
            }
        }
        assertThat(problems).isEmpty();
        assertThat(shards()).hasSize(4).allMatch(shard -> shard.getImages() == 2 && !shard.getLabeled());
    }

    @Test
    void whatIsRefusedStaysChosenAndIsTakenOtherwise() throws Exception {
        try (BrowserContext context = chromium.context(1440, ColorScheme.LIGHT)) {
            Page page = data(context, new ArrayList<>());
            page.setInputFiles("#files", image("owl.png", 2));
            page.selectOption("select[name=split]", "held_out");
            page.click("#upload-start");
            page.waitForSelector("#results:has-text('the images have no labels, which evaluation needs')");
            assertThat(page.evaluate("document.getElementById('files').files.length"))
                    .isEqualTo(1);
            page.selectOption("select[name=label]", "class:<b>owl</b>");
            page.click("#upload-start");
            page.waitForSelector("#results .mark.good");
            page.waitForSelector("#shards td:has-text('held out')");
            assertThat(page.evaluate("document.getElementById('files').files.length"))
                    .isEqualTo(0);
        }
        assertThat(shards())
                .singleElement()
                .matches(shard -> shard.getSplit() == Split.SPLIT_HELD_OUT && shard.getLabeled());
    }

    @Test
    void aDroppedArchiveBringsItsLabels() throws Exception {
        FilePayload zip = zip("birds.zip", Map.of("wren/1.png", png(SHAPE, 3), "robin/2.png", png(SHAPE, 4)));
        try (BrowserContext context = chromium.context(1440, ColorScheme.LIGHT)) {
            List<String> problems = new ArrayList<>();
            Page page = data(context, problems);
            page.evaluate(
                    "([name, text]) => {"
                            + "  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));"
                            + "  const dropped = new DataTransfer();"
                            + "  dropped.items.add(new File([bytes], name));"
                            + "  document.getElementById('upload').dispatchEvent("
                            + "      new DragEvent('drop', {dataTransfer: dropped, bubbles: true, cancelable: true}));"
                            + "}",
                    List.of(zip.name, Base64.getEncoder().encodeToString(zip.buffer)));
            page.waitForSelector("#upload-state:has-text('1 file is chosen')");
            page.selectOption("select[name=label]", "archive");
            page.focus("#upload-start");
            page.keyboard().press("Enter");
            page.waitForSelector("#upload-state:has-text('Done')");
            assertThat(results(page)).contains("wren/1.png", "robin/2.png");
            assertThat(problems).isEmpty();
        }
        assertThat(shards()).singleElement().matches(shard -> shard.getLabeled() && shard.getImages() == 2);
    }

    @Test
    void theStudentSaysWhatAnImageShowsAndWhatItCannotUse() throws Exception {
        RandomStudent student = RandomStudent.stored(task, 5, folder, S3.store());
        log.publish(List.of(TaskDeclared.newBuilder()
                .setTask(task)
                .addAllClasses(RandomStudent.CLASSES)
                .build()));
        student.publish(log);
        student.promote(log);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> given().get(gateway.at("/v2/models/" + task + "/ready"))
                        .then()
                        .statusCode(200)
                        .body("version", equalTo(student.digest())));
        byte[] image = png(RandomStudent.SHAPE, 6);
        List<String> names = given().body(image)
                .post(gateway.at("/api" + base + "/predict"))
                .then()
                .statusCode(200)
                .extract()
                .path("classes.name");
        List<String> problems = new ArrayList<>();
        for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(360, 1440)) {
                try (BrowserContext context = chromium.context(width, colours)) {
                    Page page = Chromium.page(context, problems);
                    page.navigate(gateway.at(base + "/try").toString());
                    page.setInputFiles("#image", new FilePayload("bird.png", "image/png", image));
                    page.waitForSelector("#try-state:has-text('bird.png shows " + names.get(0) + "')");
                    assertThat(page.locator("#likely th").allInnerTexts()).containsExactlyElementsOf(names);
                    assertThat(page.getAttribute("#student", "href")).isEqualTo(base + "/models/" + student.digest());
                    assertThat(page.isVisible("#seen")).isTrue();
                    Chromium.look(page, "try", colours + " " + width, problems);
                }
            }
        }
        assertThat(problems).isEmpty();
        try (BrowserContext context = chromium.context(1440, ColorScheme.LIGHT)) {
            Page page = context.newPage();
            page.navigate(gateway.at(base + "/try").toString());
            page.setInputFiles(
                    "#image", new FilePayload("text.png", "image/png", "no image".getBytes(StandardCharsets.UTF_8)));
            page.waitForSelector("#try-refused:has-text('neither PNG, JPEG nor WebP')");
            assertThat(page.isVisible("#answer")).isFalse();
        }
    }
}
