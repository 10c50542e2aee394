package dev.tutelage.gateway;

import static io.restassured.RestAssured.when;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.hasItem;

import dev.tutelage.event.v1.TaskDeclared;
import dev.tutelage.platform.fixture.LocalKafka;
import dev.tutelage.platform.fixture.LocalS3;
import dev.tutelage.platform.log.FactLog;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TasksIT {
    @RegisterExtension
    static final LocalKafka KAFKA = new LocalKafka();

    @RegisterExtension
    static final LocalS3 S3 = new LocalS3();

    @Test
    void tasksThatAreDeclaredAreListed() throws Exception {
        try (FactLog log = new FactLog(KAFKA.client(), "/tutelage/test", LocalKafka.unique("log"), Clock.systemUTC());
                GatewayProcess gateway = GatewayProcess.start(KAFKA, S3, Map.of())) {
            String task = LocalKafka.unique("birds");
            log.publish(List.of(TaskDeclared.newBuilder().setTask(task).build()));
            await().untilAsserted(() ->
                    when().get(gateway.at("/api/tasks")).then().statusCode(200).body("items.task", hasItem(task)));
        }
    }
}
