package dev.tutelage.gateway.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.tutelage.event.v1.ShardAdded;
import dev.tutelage.event.v1.Split;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page on which people label images, in a real browser. */
@EnabledIf("hasChromium")
class LabelingBrowserIT {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private static final int IMAGES = 5;
    private static final String AXE =
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',"
                    + " 'best-practice']}).then(found => found.violations.map(each => each.id + ': ' +"
                    + " each.nodes.map(node => node.target.join(' ')).join(', ')))";

    private static GatewayProcess gateway;
    private static Playwright playwright;
    private static Browser browser;

    private final LabelBench bench = new LabelBench(KAFKA, S3);

    static boolean hasChromium() {
        return chromium().isPresent();
    }

    private static Optional<Path> chromium() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    @BeforeAll
    static void start() throws Exception {
        gateway = GatewayProcess.start(KAFKA, S3, Map.of("tutelage.gateway.upload.linger", "300ms"));
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium().orElseThrow())
                        .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-background-networking")));
    }

    @AfterAll
    static void stop() {
        browser.close();
        playwright.close();
        gateway.close();
    }

    private void tell() throws Exception {
        ShardAdded shard = bench.shard(0, IMAGES, false, Split.SPLIT_TRAIN);
        bench.say(bench.declared(), shard, bench.labels(shard, 0, "first", LabelBench.random(9, IMAGES)));
        bench.awaitQueue(gateway, "", IMAGES);
    }

    private static BrowserContext context(int width, ColorScheme colours) {
        return browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(width, 900)
                .setColorScheme(colours)
                .setReducedMotion(ReducedMotion.REDUCE));
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
        try (BrowserContext context = context(1440, ColorScheme.LIGHT)) {
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
        try (BrowserContext context = context(1440, ColorScheme.LIGHT)) {
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
        try (BrowserContext context = context(1440, ColorScheme.LIGHT)) {
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
        String axe = axe();
        bench.say(bench.declared());
        await().until(() -> bench.get(gateway, bench.path("label-queue")).statusCode() == 200);
        look(axe, "#labeling-empty:not([hidden])", "empty", problems);
        try (BrowserContext context = context(1440, ColorScheme.LIGHT)) {
            Page page = open(context);
            page.waitForSelector("#labeling-empty:not([hidden])");
            assertThat(page.locator("#labeling-why").textContent()).startsWith("There are no soft labels yet.");
        }
        tell();
        look(axe, "#labeling:not([hidden])", "asking", problems);
        assertThat(problems).isEmpty();
    }

    private void look(String axe, String awaited, String what, List<String> problems) {
        for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(360, 1440)) {
                String how = what + " " + colours + " " + width;
                try (BrowserContext context = context(width, colours)) {
                    Page page = context.newPage();
                    page.onConsoleMessage(message -> {
                        if (message.type().equals("error")) {
                            problems.add(how + ": " + message.text());
                        }
                    });
                    page.onPageError(error -> problems.add(how + ": " + error));
                    page.navigate(
                            gateway.at("/tasks/" + bench.task() + "/label").toString());
                    page.waitForSelector(awaited);
                    page.evaluate(axe);
                    if (page.evaluate(AXE) instanceof List<?> violations && !violations.isEmpty()) {
                        problems.add(how + ": " + violations);
                    }
                    if (!page.evaluate("document.documentElement.scrollWidth <= innerWidth")
                            .equals(true)) {
                        problems.add(how + ": is wider than the window");
                    }
                    Optional.ofNullable(System.getProperty("tutelage.screenshots"))
                            .ifPresent(directory -> page.screenshot(new Page.ScreenshotOptions()
                                    .setPath(Path.of(directory, "label-" + how.replace(' ', '-') + ".png"))
                                    .setFullPage(true)));
                }
            }
        }
    }

    private static String axe() throws IOException {
        try (InputStream script = LabelingBrowserIT.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), UTF_8);
        }
    }
}
