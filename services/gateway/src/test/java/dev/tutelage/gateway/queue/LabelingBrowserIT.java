package dev.tutelage.gateway.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.platform.fixture.Chromium;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page on which people label images, in a real browser. */
@Tag("slow")
@EnabledIf("dev.tutelage.platform.fixture.Chromium#isThere")
class LabelingBrowserIT {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private static final int IMAGES = 5;
    private static GatewayProcess gateway;
    private static Chromium chromium;

    private final LabelBench bench = new LabelBench(KAFKA, S3);

    @BeforeAll
    static void start() throws Exception {
        gateway = GatewayProcess.start(KAFKA, S3, Map.of("tutelage.gateway.upload.linger", "300ms"));
        chromium = Chromium.launch(GatewayProcess.HEADERS);
    }

    @AfterAll
    static void stop() {
        chromium.close();
        gateway.close();
    }

    private void tell() throws Exception {
        ShardAdded shard = bench.shard(0, IMAGES, false, Split.SPLIT_TRAIN);
        bench.say(bench.declared(), shard, bench.labels(shard, 0, "first", LabelBench.random(9, IMAGES)));
        bench.awaitQueue(gateway, "", IMAGES);
    }

    private Page open(BrowserContext context) {
        Page page = context.newPage();
        page.navigate(gateway.at("/tasks/" + bench.task() + "/label").toString());
        return page;
    }

    private static String shown(Page page) {
        return page.locator("#labeling").getAttribute("data-image");
    }

    /** Presses a key, and returns the image that was shown. */
    private static String press(Page page, String key) {
        String image = shown(page);
        page.keyboard().press(key);
        return image;
    }

    @Test
    void threeImagesAreLabeledByKeyboardAndTheLastAnswerCanBeTakenBack() throws Exception {
        tell();
        try (BrowserContext context = chromium.context(1440, ColorScheme.LIGHT)) {
            Page page = open(context);
            page.waitForSelector("#labeling:not([hidden])");
            String first = press(page, "1");
            String wrong = press(page, "3");
            page.keyboard().press("u");
            assertThat(shown(page))
                    .as("the one that was taken back is asked again")
                    .isEqualTo(wrong);
            String second = press(page, "2");
            String skipped = press(page, "s");
            String third = press(page, "3");
            assertThat(List.of(first, second, skipped, third)).doesNotHaveDuplicates();
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(bench.labeled())
                    .isEqualTo(Map.of(
                            first, List.of("robin"),
                            second, List.of("wren"),
                            third, List.of("owl"))));
            page.waitForSelector("#labeling[data-labeled='3']");
            assertThat(page.locator("#labeling-count").textContent())
                    .isEqualTo("3 labeled, 1 skipped, 0 on the way; 1 image left.");
        }
    }

    @Test
    void anAnswerIsSentThoughThePageIsLeftAtOnce() throws Exception {
        tell();
        try (BrowserContext context = chromium.loggedIn(gateway.login())) {
            Page page = open(context);
            page.waitForSelector("#labeling:not([hidden])");
            String image = shown(page);
            page.locator("button[data-class='owl']").click();
            page.navigate(gateway.at("/").toString());
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(bench.labeled()).isEqualTo(Map.of(image, List.of("owl"))));
        }
    }

    @Test
    void keysAnswerNothingWhenTheyAreTurnedOffOrSomethingElseIsMeant() throws Exception {
        tell();
        try (BrowserContext context = chromium.context(1440, ColorScheme.LIGHT)) {
            Page page = open(context);
            page.waitForSelector("#labeling:not([hidden])");
            String image = shown(page);
            page.keyboard().press("Control+1");
            page.locator("#strategy").focus();
            page.keyboard().press("1");
            page.locator("#labeling-keys").uncheck();
            page.keyboard().press("1");
            assertThat(shown(page)).isEqualTo(image);
            page.locator("#labeling-keys").check();
            page.keyboard().press("s");
            assertThat(shown(page)).isNotEqualTo(image);
        }
    }

    @Test
    void thePageIsAccessibleWithAnImageAndWithoutOne() throws Exception {
        List<String> problems = new ArrayList<>();
        bench.say(bench.declared());
        await().until(() -> bench.get(gateway, bench.path("label-queue")).statusCode() == 200);
        look("#labeling-empty:not([hidden])", "empty", problems);
        try (BrowserContext context = chromium.context(1440, ColorScheme.LIGHT)) {
            Page page = open(context);
            page.waitForSelector("#labeling-empty:not([hidden])");
            assertThat(page.locator("#labeling-why").textContent()).startsWith("There are no soft labels yet.");
        }
        tell();
        look("#labeling:not([hidden])", "asking", problems);
        assertThat(problems).isEmpty();
    }

    private void look(String awaited, String what, List<String> problems) {
        for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(360, 1440)) {
                String how = what + " " + colours + " " + width;
                try (BrowserContext context = chromium.context(width, colours)) {
                    Page page = Chromium.page(context, problems);
                    page.navigate(
                            gateway.at("/tasks/" + bench.task() + "/label").toString());
                    page.waitForSelector(awaited);
                    Chromium.look(page, "label", how, problems);
                }
            }
        }
    }
}
