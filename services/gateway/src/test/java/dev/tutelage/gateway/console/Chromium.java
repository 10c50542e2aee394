package dev.tutelage.gateway.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import com.microsoft.playwright.options.WaitUntilState;
import dev.tutelage.gateway.GatewayProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The browser of this machine, and what is wrong with what it shows. */
public final class Chromium implements AutoCloseable {
    private static final String AXE =
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',"
                    + " 'best-practice']}).then(found => found.violations.map(each => each.id + ': ' +"
                    + " each.nodes.map(node => node.target.join(' ')).join(', ')))";

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    public static boolean isThere() {
        return program().isPresent();
    }

    private static Optional<Path> program() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    public static Chromium launch() {
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        Browser browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(program().orElseThrow())
                        .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-background-networking")));
        return new Chromium(playwright, browser);
    }

    /** A context of somebody whom the gateway knows. */
    public BrowserContext context(int width, ColorScheme colours) {
        return browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(width, 900)
                .setExtraHTTPHeaders(Map.of(GatewayProcess.AUTHORIZATION, GatewayProcess.BEARER))
                .setColorScheme(colours)
                .setReducedMotion(ReducedMotion.REDUCE));
    }

    /** A context of somebody who has to log in. */
    public BrowserContext stranger() {
        return browser.newContext(new Browser.NewContextOptions().setReducedMotion(ReducedMotion.REDUCE));
    }

    /**
     * A context of somebody who has logged in, as people do: with a cookie. Requests that outlive their page carry it; those that
     * {@link #context} makes lose their header.
     */
    public BrowserContext loggedIn(GatewayProcess gateway) {
        BrowserContext context = stranger();
        Page page = context.newPage();
        String key = GatewayProcess.BEARER.substring("Bearer ".length());
        // The page sends its form before it is loaded to the end.
        page.navigate(gateway.at("/login") + "#" + key, new Page.NavigateOptions().setWaitUntil(WaitUntilState.COMMIT));
        page.waitForSelector("h1:has-text('Tasks')");
        page.close();
        return context;
    }

    /** A page that adds what its scripts complain about. */
    public static Page page(BrowserContext context, List<String> problems) {
        Page page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                problems.add(page.url() + ": " + message.text());
            }
        });
        page.onPageError(error -> problems.add(page.url() + ": " + error));
        return page;
    }

    /** Adds what is wrong with the page as it is now. With -Dtutelage.screenshots=DIRECTORY it is kept to be looked at. */
    public static void look(Page page, String name, String how, List<String> problems) {
        page.evaluate(axe());
        if (page.evaluate(AXE) instanceof List<?> violations && !violations.isEmpty()) {
            problems.add(name + " " + how + ": " + violations);
        }
        if (!page.evaluate("document.documentElement.scrollWidth <= innerWidth").equals(true)) {
            problems.add(name + " " + how + ": is wider than the window");
        }
        Optional.ofNullable(System.getProperty("tutelage.screenshots"))
                .ifPresent(directory -> page.screenshot(new Page.ScreenshotOptions()
                        .setPath(Path.of(directory, (name + "-" + how).replaceAll("[^A-Za-z0-9]+", "-") + ".png"))
                        .setFullPage(true)));
    }

    private static String axe() {
        try (InputStream script = Chromium.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
