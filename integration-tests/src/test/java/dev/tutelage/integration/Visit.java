package dev.tutelage.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.tutelage.platform.fixture.Chromium;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/** Somebody who looks at a task in the console. What is wrong with the pages that are looked at is told at the end. */
final class Visit implements AutoCloseable {
    private static final double PATIENCE_MILLIS = 120_000;

    private final BrowserContext context;
    private final Page page;
    private final URI console;
    private final String base;
    private final List<String> problems = new ArrayList<>();

    /** @param console the address of the page to log in, with or without a key behind the # */
    Visit(Chromium chromium, URI console, String task) {
        this.context = chromium.stranger();
        this.page = Chromium.page(context, problems);
        this.page.setDefaultTimeout(PATIENCE_MILLIS);
        this.console = console;
        this.base = "/tasks/" + task;
    }

    Page page() {
        return page;
    }

    /** The path of the task's overview. */
    String base() {
        return base;
    }

    /** Wants to see the task, is asked who it is, and types the key. */
    void logIn(String key) {
        open("");
        assertThat(page.url()).contains("/login?next=");
        look("login");
        page.getByLabel("Key").fill(key);
        page.keyboard().press("Enter");
        page.waitForSelector("nav.task");
        assertThat(page.url()).endsWith(base);
    }

    /** Tries a key that the gateway may not know yet. */
    boolean isLetIn(String key) {
        open("");
        page.getByLabel("Key").fill(key);
        page.keyboard().press("Enter");
        page.waitForSelector("nav.task, #problem");
        return count("nav.task") > 0;
    }

    /** Opens a page of the task by its address. */
    void open(String path) {
        page.navigate(console.resolve(base + path).toString());
    }

    /** Goes to one of the task's pages by the link that is on all of them. */
    void go(String section) {
        page.locator("nav.task")
                .getByRole(
                        AriaRole.LINK,
                        new Locator.GetByRoleOptions().setName(section).setExact(true))
                .click();
        page.waitForSelector("nav.task a[aria-current=page]:has-text('" + section + "')");
    }

    /** Notes what is wrong with the page as it is now. */
    void look(String name) {
        Chromium.look(page, "loop-" + name, "1280", problems);
    }

    /** Marks the page as it is, so that {@link #isTheSame} tells whether it was loaded again. */
    void mark() {
        page.evaluate("window.stillTheSame = true");
    }

    boolean isTheSame() {
        return page.evaluate("window.stillTheSame === true").equals(true);
    }

    int count(String selector) {
        return page.locator(selector).count();
    }

    String text(String selector) {
        return page.locator(selector).first().innerText();
    }

    /** Waits for something on the page; a browser is asked by one thread only. */
    void await(String what, Duration patience, BooleanSupplier condition) {
        Awaitility.await(what)
                .atMost(patience)
                .pollInterval(Duration.ofMillis(200))
                .pollInSameThread()
                .until(condition::getAsBoolean);
    }

    /** Waits until pictures are there, and the first of them is seen. */
    void awaitPictures(String selector) {
        page.waitForSelector(selector);
        page.locator(selector).first().scrollIntoViewIfNeeded();
        await(selector, Duration.ofSeconds(30), () -> page.locator(selector)
                .first()
                .evaluate("picture => picture.naturalWidth > 0")
                .equals(true));
    }

    /** Loads a page again until something is on it that does not come by itself. */
    void reloadUntil(String selector, Duration patience) {
        await(selector, patience, () -> {
            page.reload();
            return count(selector) > 0;
        });
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    @Override
    public void close() {
        context.close();
    }
}
