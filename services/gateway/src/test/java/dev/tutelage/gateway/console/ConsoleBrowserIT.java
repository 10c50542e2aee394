package dev.tutelage.gateway.console;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Message;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.WaitUntilState;
import dev.tutelage.event.v1.Artifact;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.platform.fixture.Chromium;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.log.FactLog;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The pages in a real browser; where there is none, there is nothing to see. */
@Tag("slow")
@EnabledIf("dev.tutelage.platform.fixture.Chromium#isThere")
class ConsoleBrowserIT {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private static final String TASK = LocalKafka.unique("birds");
    private static final Story STORY = new Story(TASK);
    private static final String RUN = "pretrain-" + TASK;
    private static final String OTHER = "pretrain-2-" + TASK;

    private static FactLog log;
    private static GatewayProcess gateway;
    private static Chromium chromium;

    @BeforeAll
    static void start() throws Exception {
        log = new FactLog(KAFKA.client(), "/tutelage/test", LocalKafka.unique("log"), Clock.systemUTC());
        Artifact heldOut = S3.store()
                .put(
                        HeldOutBytes.of(new long[] {0, 0, 1, 2}, new float[] {9, 0, 0, 0, 9, 0, 0, 9, 0, 0, 0, 1}),
                        "held-out.safetensors");
        List<Message> facts = new ArrayList<>(List.of(
                STORY.declared(),
                STORY.shard(STORY.artifact("a"), 1200, false, Split.SPLIT_TRAIN),
                STORY.requested(RUN, Stage.STAGE_PRETRAIN, "there are 1,200 images"),
                STORY.changed(RUN, Stage.STAGE_PRETRAIN, RunState.RUN_STATE_STARTED),
                STORY.requested(OTHER, Stage.STAGE_PRETRAIN, "there are more").toBuilder()
                        .setRecipe("{\"epochs\":9,\"temperature\":0.1}")
                        .build(),
                STORY.changed(OTHER, Stage.STAGE_PRETRAIN, RunState.RUN_STATE_FAILED),
                STORY.progressed(OTHER, Stage.STAGE_PRETRAIN, 30),
                STORY.drifted("teacher", "a", "b"),
                STORY.checkpoint("teacher", Stage.STAGE_FINE_TUNE, "fine-tune-x", "", 73.7).toBuilder()
                        .addFiles(heldOut)
                        .build(),
                STORY.checkpoint("student", Stage.STAGE_DISTILL, "distill-x", "teacher", 72.9)));
        IntStream.rangeClosed(1, 60).forEach(step -> facts.add(STORY.progressed(RUN, Stage.STAGE_PRETRAIN, step)));
        facts.addAll(STORY.promoted("teacher", Role.ROLE_TEACHER, 73.7));
        log.publish(facts);
        // It is ready when it has read what was said before.
        gateway = GatewayProcess.start(KAFKA, S3, Map.of());
        chromium = Chromium.launch(GatewayProcess.HEADERS);
    }

    @AfterAll
    static void stop() {
        chromium.close();
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
                base + "/runs/compare?run=" + RUN + "&run=" + OTHER,
                base + "/models",
                base + "/models/" + STORY.digest("teacher"),
                base + "/models/" + STORY.digest("teacher") + "/lineage",
                base + "/data",
                base + "/data/" + STORY.digest("a"),
                base + "/labels",
                base + "/label",
                base + "/drift",
                base + "/try",
                "/health",
                "/audit",
                "/login");
    }

    @Test
    void everyPageIsAccessibleAndFitsLightAndDarkNarrowAndWide() {
        List<String> problems = new ArrayList<>();
        for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(360, 1440)) {
                try (BrowserContext context = chromium.context(width, colours)) {
                    Page page = Chromium.page(context, problems);
                    pages().forEach(path -> {
                        page.navigate(gateway.at(path).toString());
                        Chromium.look(page, path, colours + " " + width, problems);
                    });
                }
            }
        }
        assertThat(problems).isEmpty();
    }

    @Test
    void curvesAndProgressGoOnWhileThePageIsOpen() throws Exception {
        try (BrowserContext context = chromium.context(1440, ColorScheme.LIGHT)) {
            Page page = context.newPage();
            page.navigate(gateway.at("/tasks/" + TASK + "/runs/" + RUN).toString());
            page.waitForSelector("[data-points][data-count='60']");
            log.publish(List.of(STORY.progressed(RUN, Stage.STAGE_PRETRAIN, 77)));
            page.waitForSelector("[data-points][data-count='61']");
            page.waitForSelector("#live:has-text('77 of 400')");
        }
    }

    @Test
    void curvesOfSeveralRunsAreInOneChart() {
        try (BrowserContext context = chromium.context(1440, ColorScheme.LIGHT)) {
            List<String> problems = new ArrayList<>();
            Page page = Chromium.page(context, problems);
            page.navigate(gateway.at("/tasks/" + TASK + "/runs/" + RUN).toString());
            page.click("button:has-text('Compare')");
            page.waitForSelector("[data-compare][data-count]");
            assertThat(page.locator("[data-kind=loss] .u-series").allInnerTexts())
                    .hasSize(3)
                    .anyMatch(text -> text.contains("pretrain-2"));
            assertThat(problems).isEmpty();
        }
    }

    @Test
    void aKeyBehindTheAddressLogsInAndLeavesIt() {
        try (BrowserContext context = chromium.stranger()) {
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
        try (BrowserContext context = chromium.context(1440, ColorScheme.LIGHT)) {
            Page page = context.newPage();
            page.navigate(gateway.at("/tasks/" + TASK + "/models").toString());
            page.waitForSelector("[data-models][data-count='2'][data-promotions='1']");
        }
    }

    @Test
    void theChartOfModelsAppearsAndGrowsWhileThePageIsOpen() throws Exception {
        Story other = new Story(LocalKafka.unique("birds"));
        log.publish(List.of(other.declared()));
        String path = "/tasks/" + other.declared().getTask() + "/models";
        try (BrowserContext context = chromium.context(1440, ColorScheme.LIGHT)) {
            List<String> problems = new ArrayList<>();
            Page page = Chromium.page(context, problems);
            await().untilAsserted(() -> given().get(gateway.at(path)).then().statusCode(200));
            page.navigate(gateway.at(path).toString());
            page.waitForSelector("main .empty");
            assertThat(page.isVisible("[data-models]")).isFalse();
            log.publish(List.of(other.checkpoint("teacher", Stage.STAGE_FINE_TUNE, "fine-tune-x", "", 73.7)));
            page.waitForSelector("[data-models][data-count='1'][data-promotions='0'] canvas");
            log.publish(other.promoted("teacher", Role.ROLE_TEACHER, 73.7));
            page.waitForSelector("[data-models][data-count='1'][data-promotions='1']");
            Chromium.look(page, "models-live", "LIGHT 1440", problems);
            assertThat(problems).isEmpty();
        }
    }

    @Test
    void aKeyboardSkipsToTheContentAndReachesTheStationsOfTheFlow() {
        try (BrowserContext context = chromium.context(1440, ColorScheme.LIGHT)) {
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
