package dev.tutelage.gateway.predict;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * The gateway is not ready before it has tried to load the students that there are. One that cannot be loaded is told here and
 * does not keep the others from answering.
 */
@Readiness
@ApplicationScoped
public class StudentsAreLoaded implements HealthCheck {
    private final Students students;

    public StudentsAreLoaded(Students students) {
        this.students = students;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder answer =
                HealthCheckResponse.named("students").status(students.isSettled());
        students.failures().forEach(answer::withData);
        return answer.build();
    }
}
