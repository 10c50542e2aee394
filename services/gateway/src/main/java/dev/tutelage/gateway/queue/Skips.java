package dev.tutelage.gateway.queue;

import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Which images people did not want to answer. It is not important enough to be a fact: a gateway that starts asks again. */
@Singleton
class Skips {
    private final int most;
    private final Map<String, Set<String>> tasks = new HashMap<>();

    Skips(QueueSettings settings) {
        this.most = settings.skips();
    }

    synchronized void add(String task, String image) {
        Set<String> images = tasks.computeIfAbsent(task, none -> new LinkedHashSet<>());
        images.add(image);
        if (images.size() > most) {
            Iterator<String> oldest = images.iterator();
            oldest.next();
            oldest.remove();
        }
    }

    synchronized boolean contains(String task, String image) {
        return tasks.getOrDefault(task, Set.of()).contains(image);
    }
}
