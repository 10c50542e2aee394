package dev.tutelage.platform.policy;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;

/** When a Unix cron expression (minute, hour, day of month, month, day of week) comes round, in UTC. */
public final class CronSchedule {
    private final ExecutionTime times;

    private CronSchedule(Cron cron) {
        this.times = ExecutionTime.forCron(cron);
    }

    /**
     * Reads an expression.
     *
     * @throws IllegalArgumentException if it is none; the message says why
     */
    public static CronSchedule parse(String expression) {
        return new CronSchedule(new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX))
                .parse(expression)
                .validate());
    }

    /** What an expression on the log says. The command line lets no other in; one from elsewhere never comes round. */
    static Optional<CronSchedule> readable(String expression) {
        try {
            return Optional.of(parse(expression));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The first time after that one, if there is any. */
    public Optional<Instant> after(Instant time) {
        return times.nextExecution(time.atZone(ZoneOffset.UTC)).map(ZonedDateTime::toInstant);
    }
}
