package dev.tutelage.integration.clock;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.none;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;

/**
 * A Java agent that shifts the wall clock of the process that it is attached to by as many milliseconds as a file says:
 * the clock of Java's own time classes, and that of Kafka's client and broker. What else asks the system is not shifted.
 */
public final class ClockAgent {
    /** Where code that is copied into the JDK's classes finds the shift. */
    private static final String SHIFT = "tutelage.test.clock-shift";

    private static final long LOOK_MILLIS = 50;

    private ClockAgent() {}

    /** What the JVM calls before the process's main method. */
    public static void premain(String file, Instrumentation instrumentation) {
        new AgentBuilder.Default()
                .disableClassFormatChanges()
                .ignore(none())
                .with(AgentBuilder.RedefinitionStrategy.RETRANSFORMATION)
                .type(named("java.time.Clock"))
                .transform((builder, type, loader, module, domain) ->
                        builder.visit(Advice.to(OfInstant.class).on(named("currentInstant"))))
                .type(named("java.time.Clock$SystemClock"))
                .transform((builder, type, loader, module, domain) ->
                        builder.visit(Advice.to(OfMillis.class).on(named("millis"))))
                .type(named("org.apache.kafka.common.utils.SystemTime"))
                .transform((builder, type, loader, module, domain) ->
                        builder.visit(Advice.to(OfMillis.class).on(named("milliseconds"))))
                .installOn(instrumentation);
        Thread watch = new Thread(() -> watch(Path.of(file)), "clock");
        watch.setDaemon(true);
        watch.start();
    }

    private static void watch(Path file) {
        try {
            while (true) {
                if (Files.exists(file)) {
                    System.setProperty(SHIFT, Files.readString(file));
                }
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (IOException e) {
            System.err.println("The clock goes on as it is: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Copied to where an instant is returned. */
    static final class OfInstant {
        private OfInstant() {}

        @Advice.OnMethodExit
        static void shift(@Advice.Return(readOnly = false) Instant now) {
            now = now.plusMillis(Long.getLong("tutelage.test.clock-shift", 0L));
        }
    }

    /** Copied to where milliseconds are returned. */
    static final class OfMillis {
        private OfMillis() {}

        @Advice.OnMethodExit
        static void shift(@Advice.Return(readOnly = false) long now) {
            now += Long.getLong("tutelage.test.clock-shift", 0L);
        }
    }
}
