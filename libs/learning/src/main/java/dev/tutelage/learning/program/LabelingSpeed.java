package dev.tutelage.learning.program;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ShardReader;
import dev.tutelage.learning.label.Teacher;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Images a second of labeling on the bare library, without Kafka and S3: what the labeler can be measured by. One loop on
 * one thread, whose steps use all cores as they do in the labeler.
 */
public final class LabelingSpeed implements AutoCloseable {
    private final Teacher teacher;
    private final List<Path> shards;
    private final int batchSize;

    private LabelingSpeed(Teacher teacher, List<Path> shards, int batchSize) {
        this.teacher = teacher;
        this.shards = shards;
        this.batchSize = batchSize;
    }

    /**
     * Prints images a second of looking at tensors in memory, or at shards on the disk that are decoded on the way.
     *
     * @param arguments {@code memory} or {@code decoding}, a checkpoint's directory, images in a batch, seconds of warming
     *     up, seconds of measuring, and one or more shards
     */
    public static void main(String[] arguments) throws IOException {
        List<Path> shards = Arrays.stream(arguments).skip(5).map(Path::of).toList();
        Teacher teacher =
                Teacher.ofCheckpoint(Path.of(arguments[1]), Runtime.getRuntime().availableProcessors());
        try (LabelingSpeed speed = new LabelingSpeed(teacher, shards, Integer.parseInt(arguments[2]))) {
            double warmUp = Double.parseDouble(arguments[3]);
            double measured = Double.parseDouble(arguments[4]);
            System.out.println(
                    arguments[0].equals("memory") ? speed.memory(warmUp, measured) : speed.decoding(warmUp, measured));
        }
    }

    private double memory(double warmUp, double measured) throws IOException {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            List<NDArray> batches = new ArrayList<>();
            for (Path shard : shards) {
                batches.addAll(batches(manager, read(shard)));
            }
            int[] next = {0};
            return imagesPerSecond(warmUp, measured, () -> label(batches.get(next[0]++ % batches.size())));
        }
    }

    private double decoding(double warmUp, double measured) {
        int[] next = {0};
        return imagesPerSecond(warmUp, measured, () -> {
            try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
                long images = 0;
                for (NDArray batch : batches(manager, read(shards.get(next[0]++ % shards.size())))) {
                    images += label(batch);
                }
                return images;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private long label(NDArray batch) {
        return teacher.logits(batch).length / teacher.classes();
    }

    private ImageSet read(Path shard) throws IOException {
        try (InputStream tar = new BufferedInputStream(Files.newInputStream(shard))) {
            return ShardReader.read(tar, teacher.images()).images();
        }
    }

    private List<NDArray> batches(NDManager manager, ImageSet images) {
        List<NDArray> batches = new ArrayList<>();
        for (int from = 0; from < images.size(); from += batchSize) {
            int to = Math.min(images.size(), from + batchSize);
            batches.add(images.batch(manager, IntStream.range(from, to).toArray()));
        }
        return batches;
    }

    private static double imagesPerSecond(double warmUp, double measured, LongSupplier labeled) {
        double unused = imagesPerSecond(warmUp, labeled);
        return imagesPerSecond(measured, labeled);
    }

    private static double imagesPerSecond(double seconds, LongSupplier labeled) {
        long start = System.nanoTime();
        long images = 0;
        while (System.nanoTime() < start + nanos(seconds)) {
            images += labeled.getAsLong();
        }
        return images * 1e9 / (System.nanoTime() - start);
    }

    private static long nanos(double seconds) {
        return (long) (seconds * 1e9);
    }

    @Override
    public void close() {
        teacher.close();
    }
}
