package dev.tutelage.integration.failpoint;

import static net.bytebuddy.matcher.ElementMatchers.named;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.instrument.Instrumentation;
import java.util.List;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;

/**
 * A Java agent that makes the steps of {@link Step} failpoints of the process that it is attached to. It lives on the
 * class path of the JVM itself, which every class loader of a service asks in the end.
 */
public final class FailpointAgent {
    private FailpointAgent() {}

    /**
     * What the JVM calls before the service's main method.
     *
     * @param directory where steps are armed, see {@link ArmedSteps}
     */
    public static void premain(String directory, Instrumentation instrumentation) {
        AgentBuilder agent = new AgentBuilder.Default().disableClassFormatChanges();
        for (Step step : Step.values()) {
            List<Step.Place> places = step.places();
            for (int i = 0; i < places.size(); i++) {
                agent = watch(agent, places.get(i), directory, step, i);
            }
        }
        agent.installOn(instrumentation);
    }

    private static AgentBuilder watch(AgentBuilder agent, Step.Place place, String directory, Step step, int position) {
        Class<?> advice = place.exit() ? AtExit.class : AtEntry.class;
        return agent.type(named(place.type()))
                .transform((builder, type, loader, module, domain) -> builder.visit(Advice.withCustomMapping()
                        .bind(Directory.class, directory)
                        .bind(StepName.class, step.name())
                        .bind(Position.class, position)
                        .to(advice)
                        .on(named(place.method()))));
    }

    /** Where steps are armed. */
    @Retention(RetentionPolicy.RUNTIME)
    @interface Directory {}

    /** The step that a place belongs to. */
    @Retention(RetentionPolicy.RUNTIME)
    @interface StepName {}

    /** The place's position in its step. */
    @Retention(RetentionPolicy.RUNTIME)
    @interface Position {}

    /** Copied to where a method begins. */
    static final class AtEntry {
        private AtEntry() {}

        @Advice.OnMethodEnter
        static void reached(@Directory String directory, @StepName String step, @Position int position) {
            ArmedSteps.reached(directory, step, position);
        }
    }

    /** Copied to where a method returns. */
    static final class AtExit {
        private AtExit() {}

        @Advice.OnMethodExit
        static void reached(@Directory String directory, @StepName String step, @Position int position) {
            ArmedSteps.reached(directory, step, position);
        }
    }
}
