package dev.tutelage.gateway.console;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.tutelage.event.Topic;
import dev.tutelage.event.v1.CancellationRequested;
import dev.tutelage.event.v1.CandidateJudged;
import dev.tutelage.event.v1.DeadLettered;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.PromotionKind;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.Stage;
import dev.tutelage.event.v1.Verdict;
import dev.tutelage.gateway.GatewayProcess;
import dev.tutelage.platform.fixture.Chromium;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.log.FactLog;
import dev.tutelage.platform.log.FactReader;
import io.restassured.response.ValidatableResponse;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

/** People act on pages, and facts come of it. */
@Tag("slow")
@EnabledIf("dev.tutelage.platform.fixture.Chromium#isThere")
class ConsoleActionsIT {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    private static FactLog log;
    private static GatewayProcess gateway;
    private static Chromium chromium;

    private final String task = LocalKafka.unique("birds");
    private final Story story = new Story(task);
    private final String base = "/tasks/" + task;

    @BeforeAll
    static void start() throws Exception {
        log = new FactLog(KAFKA.client(), "/tutelage/test", LocalKafka.unique("log"), Clock.systemUTC());
        gateway = GatewayProcess.start(KAFKA, S3, Map.of());
        chromium = Chromium.launch(GatewayProcess.HEADERS);
    }

    @AfterAll
    static void stop() {
        chromium.close();
        gateway.close();
        log.close();
    }

    /** Says facts, and waits until the page is there. */
    private void say(String path, Message... facts) throws Exception {
        log.publish(List.of(facts));
        await().untilAsserted(() -> given().get(gateway.at(path)).then().statusCode(200));
    }

    private ValidatableResponse api(String path) {
        return given().get(gateway.at("/api" + base + path)).then().statusCode(200);
    }

    private static Page open(BrowserContext context, String path) {
        Page page = context.newPage();
        page.navigate(gateway.at(path).toString());
        return page;
    }

    private static BrowserContext wide() {
        return chromium.context(1440, ColorScheme.LIGHT);
    }

    private static <F extends Message> List<F> facts(Topic topic, Class<F> type) {
        List<F> facts = new ArrayList<>();
        try (FactReader reader = new FactReader(KAFKA.client(), List.of(topic))) {
            reader.readToEnd(placed -> {
                if (type.isInstance(placed.fact().payload())) {
                    facts.add(type.cast(placed.fact().payload()));
                }
            });
        }
        return facts;
    }

    @Test
    void aRunIsCancelledForAReasonAndRetriedWhenItHasFailed() throws Exception {
        String run = "pretrain-" + task;
        String path = base + "/runs/" + run;
        say(
                path,
                story.declared(),
                story.requested(run, Stage.STAGE_PRETRAIN, "it is due"),
                story.changed(run, Stage.STAGE_PRETRAIN, RunState.RUN_STATE_STARTED));
        try (BrowserContext context = wide()) {
            Page page = open(context, path);
            page.click("#cancel");
            page.waitForSelector("dialog[open] >> text=What it has learned since its last snapshot is lost");
            page.fill("#ask-reason", "too slow \"really\"");
            page.click("#ask-yes");
            page.waitForSelector("#said:has-text('is asked to end')");
            page.waitForSelector(
                    "#live:has-text('asked to end by " + GatewayProcess.NAME + ", because: too slow \"really\"')");
            assertThat(page.locator("#cancel").count()).isZero();
            assertThat(facts(Topic.CANCELLATIONS, CancellationRequested.class))
                    .filteredOn(asked -> asked.getRunId().equals(run))
                    .extracting(CancellationRequested::getReason)
                    .containsExactly("too slow \"really\"");

            log.publish(List.of(story.changed(run, Stage.STAGE_PRETRAIN, RunState.RUN_STATE_CANCELLED)));
            page.click("#retry");
            page.click("#ask-yes");
            page.waitForSelector("#said:has-text('asked for again')");
            page.waitForSelector("#live:has-text('waiting')");
            api("/runs/" + run).body("state", equalTo("requested")).body("retry", equalTo(1));
        }
    }

    @Test
    void aModelIsPromotedAndRolledBack() throws Exception {
        String model = base + "/models/" + story.digest("second");
        say(
                model,
                story.declared(),
                story.checkpoint("encoder", Stage.STAGE_PRETRAIN, "pretrain-x", "", 0),
                story.checkpoint("first", Stage.STAGE_FINE_TUNE, "fine-tune-x", "encoder", 73.7),
                story.checkpoint("second", Stage.STAGE_FINE_TUNE, "fine-tune-y", "encoder", 74.1),
                story.promoted("first", Role.ROLE_TEACHER, 73.7).get(1));
        await().untilAsserted(() -> api("").body("roles.teacher.checkpoint", equalTo(story.digest("first"))));
        try (BrowserContext context = wide()) {
            Page encoder = open(context, base + "/models/" + story.digest("encoder"));
            assertThat(encoder.locator(".actions").count()).isZero();

            Page page = open(context, model);
            page.click("#promote-teacher");
            page.waitForSelector("dialog[open] >> text=(held-out top-1 73.70 %)");
            page.fill("#ask-reason", "looked at its errors");
            page.click("#ask-yes");
            page.waitForSelector("#said:has-text('It is the teacher now')");
            page.waitForSelector("#live .mark:has-text('the teacher')");
            assertThat(page.locator("#promote-teacher").count()).isZero();
            api("").body("roles.teacher.checkpoint", equalTo(story.digest("second")));

            page.navigate(gateway.at(base + "/models").toString());
            page.click("#rollback-teacher");
            page.click("#ask-yes");
            page.waitForSelector("#said:has-text('is rolled back')");
            page.waitForSelector("#promotions tbody tr >> nth=2");
        }
        assertThat(facts(Topic.PROMOTIONS, Promoted.class))
                .filteredOn(promoted -> promoted.getTask().equals(task))
                .extracting(Promoted::getCheckpoint, Promoted::getKind)
                .containsExactly(
                        tuple(story.digest("first"), PromotionKind.PROMOTION_KIND_UNSPECIFIED),
                        tuple(story.digest("second"), PromotionKind.PROMOTION_KIND_MANUAL),
                        tuple(story.digest("first"), PromotionKind.PROMOTION_KIND_ROLLBACK));
    }

    @Test
    void whatWaitsForApprovalIsApproved() throws Exception {
        String model = base + "/models/" + story.digest("first");
        say(
                model,
                story.declared(),
                story.checkpoint("first", Stage.STAGE_FINE_TUNE, "fine-tune-x", "", 73.7),
                waiting());
        await().untilAsserted(() -> api("").body("open.approvals", hasSize(1)));
        try (BrowserContext context = wide()) {
            Page page = open(context, model);
            page.click("button:has-text('Approve as teacher')");
            page.click("#ask-yes");
            page.waitForSelector("#live .mark:has-text('the teacher')");
        }
        api("").body("open.approvals", hasSize(0));
    }

    @Test
    void whatWaitsForApprovalIsRejectedForAReason() throws Exception {
        String model = base + "/models/" + story.digest("first");
        say(
                model,
                story.declared(),
                story.checkpoint("first", Stage.STAGE_FINE_TUNE, "fine-tune-x", "", 73.7),
                waiting());
        await().untilAsserted(() -> api("").body("open.approvals", hasSize(1)));
        try (BrowserContext context = wide()) {
            Page page = open(context, model);
            page.click("#reject-teacher");
            page.fill("#ask-reason", "worse at owls");
            page.click("#ask-yes");
            page.waitForSelector("#said:has-text('It is rejected, and waits no longer')");
            page.waitForSelector(
                    "#reject-teacher", new Page.WaitForSelectorOptions().setState(WaitForSelectorState.DETACHED));
            page.waitForSelector("button:has-text('Make it the teacher')");
            page.reload();
            page.waitForSelector("h3:has-text('As teacher: rejected by " + GatewayProcess.NAME + "')");
            page.waitForSelector("text=worse at owls");
        }
        api("").body("open.approvals", hasSize(0));
    }

    private CandidateJudged waiting() {
        return CandidateJudged.newBuilder()
                .setTask(task)
                .setRole(Role.ROLE_TEACHER)
                .setCheckpoint(story.digest("first"))
                .setVerdict(Verdict.VERDICT_AWAITING_APPROVAL)
                .build();
    }

    @Test
    void whatIsRefusedIsToldInTheDialogWhichStays() throws Exception {
        String model = base + "/models/" + story.digest("first");
        say(model, story.declared(), story.checkpoint("first", Stage.STAGE_FINE_TUNE, "fine-tune-x", "", 73.7));
        try (BrowserContext context = wide()) {
            Page page = open(context, model);
            page.click("#promote-student");
            given().contentType("application/json")
                    .body("{\"role\": \"student\", \"checkpoint\": \"" + story.digest("first") + "\"}")
                    .post(gateway.at("/api" + base + "/promotions"))
                    .then()
                    .statusCode(201);
            page.click("#ask-yes");
            page.waitForSelector("#ask-refused:has-text('is the student of')");
            page.keyboard().press("Escape");
            page.waitForSelector("dialog", new Page.WaitForSelectorOptions().setState(WaitForSelectorState.HIDDEN));
            page.waitForSelector("#live .mark:has-text('the student')");
            // Its button is gone meanwhile, so that the focus is where one reads on.
            page.waitForSelector("main:focus");
        }
    }

    @Test
    void aTaskPausesAndGoesOnByTheKeyboardAlone() throws Exception {
        say(base, story.declared());
        try (BrowserContext context = wide()) {
            Page page = open(context, base);
            page.focus("#pause");
            page.keyboard().press("Enter");
            page.waitForSelector("dialog[open]");
            page.keyboard().type("holidays");
            page.keyboard().press("Enter");
            page.waitForSelector("#live .mark:has-text('paused')");
            api("").body("paused", equalTo(true));
            page.focus("#resume");
            page.keyboard().press("Space");
            page.waitForSelector("#pause");
            api("").body("paused", equalTo(false));
        }
    }

    @Test
    void aDeadLetterIsReplayedUnlessItsRunHasAResult() throws Exception {
        String failed = "pretrain-a-" + task;
        String done = "pretrain-b-" + task;
        say(
                base,
                story.declared(),
                story.requested(failed, Stage.STAGE_PRETRAIN, "it is due"),
                story.changed(failed, Stage.STAGE_PRETRAIN, RunState.RUN_STATE_FAILED),
                story.requested(done, Stage.STAGE_PRETRAIN, "it is due"),
                story.changed(done, Stage.STAGE_PRETRAIN, RunState.RUN_STATE_SUCCEEDED),
                letter(failed),
                letter(done));
        await().untilAsserted(() ->
                given().get(gateway.at("/api/dead-letters?task=" + task)).then().body("items", hasSize(2)));
        try (BrowserContext context = wide()) {
            Page page = open(context, "/health");
            page.waitForSelector(card(failed));
            page.click(card(failed) + " button");
            page.click("#ask-yes");
            page.waitForSelector("#said:has-text('is replayed')");
            page.waitForSelector(
                    card(failed), new Page.WaitForSelectorOptions().setState(WaitForSelectorState.DETACHED));
            assertThat(page.locator(card(done)).count()).isOne();
            assertThat(page.locator(card(done) + " button").count()).isZero();
        }
        api("/runs/" + failed).body("retry", equalTo(1));
    }

    private static String card(String run) {
        return ".cards > li:has(a[href$='" + run + "'])";
    }

    private DeadLettered letter(String run) {
        return DeadLettered.newBuilder()
                .setSourceTopic("tutelage.pretrain-requests")
                .setKey(ByteString.copyFromUtf8(run))
                .setValue(ByteString.copyFromUtf8("no message"))
                .setService("pretrainer")
                .setReason("The dataset is gone")
                .setTask(task)
                .setRunId(run)
                .build();
    }

    @Test
    void listsAreRefreshedWithoutMovingTheFocusOrTheScroll() throws Exception {
        say(
                base + "/runs",
                story.declared(),
                story.changed("label-1-" + task, Stage.STAGE_LABEL, RunState.RUN_STATE_SUCCEEDED));
        await().untilAsserted(() -> api("/runs").body("items", hasSize(1)));
        try (BrowserContext context = chromium.context(360, ColorScheme.LIGHT)) {
            Page page = open(context, base + "/runs");
            page.focus("#runs a");
            page.evaluate("document.getElementById('runs').scrollLeft = 40");
            log.publish(List.of(story.changed("label-2-" + task, Stage.STAGE_LABEL, RunState.RUN_STATE_STARTED)));
            page.waitForSelector("#runs tbody tr >> nth=1");
            assertThat(page.evaluate("document.activeElement.getAttribute('href')"))
                    .isEqualTo(base + "/runs/label-1-" + task);
            assertThat(page.evaluate("document.getElementById('runs').scrollLeft"))
                    .isEqualTo(40);
        }
    }

    @Test
    void theDialogIsAccessibleAndFitsLightAndDarkNarrowAndWide() throws Exception {
        say(base, story.declared());
        List<String> problems = new ArrayList<>();
        for (ColorScheme colours : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(360, 1440)) {
                try (BrowserContext context = chromium.context(width, colours)) {
                    Page page = Chromium.page(context, problems);
                    page.navigate(gateway.at(base).toString());
                    page.click("#pause");
                    page.waitForSelector("dialog[open]");
                    Chromium.look(page, "dialog", colours + " " + width, problems);
                }
            }
        }
        assertThat(problems).isEmpty();
    }
}
