package dev.tutelage.gateway.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import com.microsoft.playwright.options.WaitUntilState;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.log.FactLog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The pages in a real browser; where there is none, there is nothing to see. */
@EnabledIf("hasChromium")
class ConsoleBrowserIT {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private static final String TASK = LocalKafka.unique("birds");
    private static final Story STORY = new Story(TASK);
    private static final String RUN = "pretrain-" + TASK;
    private static final String AXE =
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',"
                    + " 'best-practice']}).then(found => found.violations.map(each => each.id + ': ' +"
                    + " each.nodes.map(node => node.target.join(' ')).join(', ')))";

    private static FactLog log;
    private static GatewayProcess gateway;
    private static Playwright playwright;
    private static Browser browser;

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
        log = new FactLog(KAFKA.client(), "/tutelage/test", LocalKafka.unique("log"), Clock.systemUTC());
        List<Message> facts = new ArrayList<>(List.of(
                STORY.declared(),
                STORY.shard(STORY.artifact("a"), 1200, false, Split.SPLIT_TRAIN),
                STORY.requested(RUN, Stage.STAGE_PRETRAIN, "there are 1,200 images"),
                STORY.changed(RUN, Stage.STAGE_PRETRAIN, RunState.RUN_STATE_STARTED),
                STORY.checkpoint("teacher", Stage.STAGE_FINE_TUNE, "fine-tune-x", "", 73.7),
                STORY.checkpoint("student", Stage.STAGE_DISTILL, "distill-x", "teacher", 72.9)));
        IntStream.rangeClosed(1, 60).forEach(step -> facts.add(STORY.progressed(RUN, Stage.STAGE_PRETRAIN, step)));
        facts.addAll(STORY.promoted("teacher", Role.ROLE_TEACHER, 73.7));
        log.publish(facts);
        // It is ready when it has read what was said before.
        gateway = GatewayProcess.start(KAFKA, S3, Map.of());
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
        log.close();
    }

    private static List<String> pages() {
        String base = "/tasks/" + TASK;
        return List.of(
                "/",
                base,
                base + "/runs",
                base + "/runs/" + RUN,
                base + "/models",
                base + "/models/" + STORY.digest("teacher"),
                base + "/data",
                base + "/data/" + STORY.digest("a"),
                base + "/labels",
                "/health",
                "/login");
    }

    private static String axe() throws IOException {
        try (InputStream script = ConsoleBrowserIT.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), UTF_8);
        }
    }

    private static BrowserContext context(int width, ColorScheme colours) {
        return browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(width, 900)
                .setColorScheme(colours)
                .setExtraHTTPHeaders(Map.of(GatewayProcess.AUTHORIZATION, GatewayProcess.BEARER))
                .setReducedMotion(ReducedMotion.REDUCE));
    }

    @Test
    void everyPageIsAccessibleAndFitsLightAndDarkNarrowAndWide() throws IOException {
        String axe = axe();
        List<String> problems = new ArrayList<>();
        for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(360, 1440)) {
                try (BrowserContext context = context(width, colours)) {
                    Page page = context.newPage();
                    page.onConsoleMessage(message -> {
                        if (message.type().equals("error")) {
                            problems.add(page.url() + ": " + message.text());
                        }
                    });
                    page.onPageError(error -> problems.add(page.url() + ": " + error));
                    pages().forEach(path -> look(page, path, axe, colours + " " + width, problems));
                }
            }
        }
        assertThat(problems).isEmpty();
    }

    private static void look(Page page, String path, String axe, String how, List<String> problems) {
        page.navigate(gateway.at(path).toString());
        page.evaluate(axe);
        if (page.evaluate(AXE) instanceof List<?> violations && !violations.isEmpty()) {
            problems.add(path + " " + how + ": " + violations);
        }
        if (!page.evaluate("document.documentElement.scrollWidth <= innerWidth").equals(true)) {
            problems.add(path + " " + how + ": is wider than the window");
        }
        // With -Dtutelage.screenshots=DIRECTORY the pages are kept to be looked at.
        Optional.ofNullable(System.getProperty("tutelage.screenshots"))
                .ifPresent(directory -> page.screenshot(new Page.ScreenshotOptions()
                        .setPath(Path.of(directory, (path + "-" + how).replaceAll("[^A-Za-z0-9]+", "-") + ".png"))
                        .setFullPage(true)));
    }

    @Test
    void curvesAndProgressGoOnWhileThePageIsOpen() throws Exception {
        try (BrowserContext context = context(1440, ColorScheme.LIGHT)) {
            Page page = context.newPage();
            page.navigate(gateway.at("/tasks/" + TASK + "/runs/" + RUN).toString());
            page.waitForSelector("[data-points][data-count='60']");
            log.publish(List.of(STORY.progressed(RUN, Stage.STAGE_PRETRAIN, 77)));
            page.waitForSelector("[data-points][data-count='61']");
            page.waitForSelector("#live:has-text('77 of 400')");
        }
    }

    @Test
    void aKeyBehindTheAddressLogsInAndLeavesIt() {
        try (BrowserContext context = browser.newContext()) {
            Page page = context.newPage();
            page.navigate(gateway.at("/tasks/" + TASK).toString());
            assertThat(page.url()).endsWith("/login?next=%2Ftasks%2F" + TASK);
            String key = GatewayProcess.BEARER.substring("Bearer ".length());
            // The page sends its form before it is loaded to the end.
            page.navigate(
                    gateway.at("/login") + "#" + key, new Page.NavigateOptions().setWaitUntil(WaitUntilState.COMMIT));
            page.waitForSelector("h1:has-text('Tasks')");
            assertThat(page.url()).isEqualTo(gateway.at("/").toString());
            page.goBack();
            assertThat(page.url()).doesNotContain("ttl_");
            page.navigate(gateway.at("/tasks/" + TASK).toString());
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Log out"))
                    .click();
            page.waitForSelector("h1:has-text('Log in')");
            page.navigate(gateway.at("/tasks/" + TASK).toString());
            page.getByLabel("Key").fill(key);
            page.keyboard().press("Enter");
            page.waitForSelector("nav.task");
            assertThat(page.url()).endsWith("/tasks/" + TASK);
        }
    }

    @Test
    void theChartOfModelsShowsAllThatCompeteForRoles() {
        try (BrowserContext context = context(1440, ColorScheme.LIGHT)) {
            Page page = context.newPage();
            page.navigate(gateway.at("/tasks/" + TASK + "/models").toString());
            page.waitForSelector("[data-models][data-count='2']");
        }
    }

    @Test
    void aKeyboardSkipsToTheContentAndReachesTheStationsOfTheFlow() {
        try (BrowserContext context = context(1440, ColorScheme.LIGHT)) {
            Page page = context.newPage();
            page.navigate(gateway.at("/tasks/" + TASK).toString());
            page.keyboard().press("Tab");
            page.keyboard().press("Enter");
            page.keyboard().press("Tab");
            page.keyboard().press("Tab");
            Object focused = page.evaluate("document.activeElement.closest('main') !== null");
            assertThat(focused).isEqualTo(true);
        }
    }
}
