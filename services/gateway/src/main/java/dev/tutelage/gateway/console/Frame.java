package dev.tutelage.gateway.console;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What all pages have around their content.
 *
 * @param title of the page
 * @param task that the page is about; empty if it is about none
 * @param section of the task's pages, such as {@code runs}
 * @param tasks all there are
 */
public record Frame(String title, String task, String section, List<Link> tasks) {

    /** A place to go to. */
    public record Link(String text, String href, boolean current) {}

    public Frame {
        tasks = List.copyOf(tasks);
    }

    static Frame of(String title, String task, String section, List<String> tasks) {
        return new Frame(
                title,
                task,
                section,
                tasks.stream()
                        .map(name -> new Link(name, path(name), name.equals(task)))
                        .toList());
    }

    /** Where a task's pages are. */
    static String path(String task) {
        return "/tasks/" + segment(task);
    }

    /** A name as a part of an address. */
    static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    public boolean hasTask() {
        return !task.isEmpty();
    }

    /** The task's pages. */
    public List<Link> sections() {
        return List.of(
                section("Overview", ""),
                section("Runs", "runs"),
                section("Models", "models"),
                section("Data", "data"),
                section("Labels", "labels"),
                section("Label images", "label"),
                section("Drift", "drift"),
                section("Try it", "try"));
    }

    private Link section(String text, String name) {
        return new Link(text, path(task) + (name.isEmpty() ? "" : "/" + name), name.equals(section));
    }
}
