package dev.tutelage.cli.bench;

import dev.tutelage.cli.bench.PredictBenchResult.Measured;
import dev.tutelage.cli.machine.LocalGateway;
import dev.tutelage.learning.data.ImageCodec;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ImageShape;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Clients that ask a gateway what images show. */
final class PredictLoad {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int DIFFERENT = 500;

    private final LocalGateway gateway;
    private final String task;
    private final ImageSet images;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** How an image is sent. */
    enum Protocol {
        /** A PNG file, answered with names and probabilities. */
        PREDICT,
        /** Values as binary tensor data of the Open Inference Protocol, answered with logits and probabilities. */
        INFER
    }

    PredictLoad(LocalGateway gateway, String task, ImageSet images) {
        this.gateway = gateway;
        this.task = task;
        this.images = images;
    }

    /**
     * Waits until the student answers.
     *
     * @throws IllegalStateException if it does not for a minute
     */
    void awaitReady() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isReady()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "The gateway has not loaded the student for a minute; its log in the state directory tells why");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    private boolean isReady() throws InterruptedException {
        try {
            return http.send(request("/v2/models/" + task + "/ready").build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Has clients ask one image after the other for a while.
     *
     * @throws IOException if an answer is none
     */
    Measured measure(Protocol protocol, int clients, Duration length) throws IOException, InterruptedException {
        List<HttpRequest> requests = new ArrayList<>();
        for (int i = 0; i < Math.min(DIFFERENT, images.size()); i++) {
            requests.add(protocol == Protocol.PREDICT ? predict(i) : infer(i));
        }
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        long start = System.nanoTime();
        try {
            List<Future<List<Double>>> running = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                int first = client;
                running.add(threads.submit(() -> ask(requests, first, start + length.toNanos())));
            }
            List<Double> milliseconds = new ArrayList<>();
            for (Future<List<Double>> each : running) {
                milliseconds.addAll(each.get());
            }
            return Measured.of(protocol, clients, milliseconds, (System.nanoTime() - start) / 1e9);
        } catch (ExecutionException e) {
            throw new IOException("A prediction failed: " + e.getCause().getMessage(), e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private List<Double> ask(List<HttpRequest> requests, int first, long end) throws IOException, InterruptedException {
        List<Double> milliseconds = new ArrayList<>();
        for (int i = first; System.nanoTime() < end; i++) {
            long before = System.nanoTime();
            HttpResponse<String> answer =
                    http.send(requests.get(i % requests.size()), HttpResponse.BodyHandlers.ofString());
            milliseconds.add((System.nanoTime() - before) / 1e6);
            if (answer.statusCode() != 200) {
                throw new IOException("the gateway answers " + answer.statusCode() + ": " + answer.body());
            }
        }
        return milliseconds;
    }

    private HttpRequest predict(int image) {
        return request("/api/tasks/" + task + "/predict")
                .header("Content-Type", "image/png")
                .POST(HttpRequest.BodyPublishers.ofByteArray(ImageCodec.png(images.shape(), images.pixels(image))))
                .build();
    }

    private HttpRequest infer(int image) {
        ImageShape shape = images.shape();
        byte[] head = String.join(
                        "",
                        "{\"inputs\":[{\"name\":\"images\",\"datatype\":\"FP32\",\"shape\":[1,",
                        shape.channels() + "," + shape.height() + "," + shape.width(),
                        "],\"parameters\":{\"binary_data_size\":" + shape.size() * Float.BYTES,
                        "}}],\"parameters\":{\"binary_data_output\":true}}")
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = ByteBuffer.allocate(head.length + shape.size() * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(head);
        for (byte pixel : images.pixels(image)) {
            body.putFloat(Byte.toUnsignedInt(pixel) / 255f);
        }
        return request("/v2/models/" + task + "/infer")
                .header("Content-Type", "application/octet-stream")
                .header("Inference-Header-Content-Length", Integer.toString(head.length))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.array()))
                .build();
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(gateway.address().resolve(path)).timeout(PATIENCE);
        gateway.key().ifPresent(key -> request.header("Authorization", "Bearer " + key));
        return request;
    }
}
