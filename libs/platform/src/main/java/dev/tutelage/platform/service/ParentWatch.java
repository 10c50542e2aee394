package dev.tutelage.platform.service;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a supervised service when its supervisor is gone, however that ended: the supervisor holds the other end of
 * standard input, which the operating system closes with it. Work in hand is safe; see {@link WorkerHalf}.
 */
@ApplicationScoped
public class ParentWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ParentWatch.class);

    private final ServiceSettings settings;

    public ParentWatch(ServiceSettings settings) {
        this.settings = settings;
    }

    void start(@Observes StartupEvent event) {
        if (settings.supervised()) {
            Thread watch = new Thread(ParentWatch::waitForEnd, "parent-watch");
            watch.setDaemon(true);
            watch.start();
        }
    }

    private static void waitForEnd() {
        try {
            while (System.in.read() >= 0) {
                // Whatever comes is not for us; only the end matters.
            }
        } catch (IOException e) {
            LOG.debug("Standard input failed", e);
        }
        LOG.info("The supervisor is gone; leaving");
        Runtime.getRuntime().halt(1);
    }
}
