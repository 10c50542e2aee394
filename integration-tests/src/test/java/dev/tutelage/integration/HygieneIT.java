package dev.tutelage.integration;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutelage.cli.ingest.CheckpointUpload;
import dev.tutelage.cli.machine.Machine;
import dev.tutelage.cli.machine.MachineOptions;
import dev.tutelage.event.v1.Promoted;
import dev.tutelage.event.v1.RejectedItem;
import dev.tutelage.event.v1.RejectionCount;
import dev.tutelage.event.v1.RejectionKind;
import dev.tutelage.event.v1.Role;
import dev.tutelage.event.v1.RunState;
import dev.tutelage.event.v1.SoftLabelsAdded;
import dev.tutelage.learning.data.ImageCodec;
import dev.tutelage.learning.data.ImageSet;
import dev.tutelage.learning.data.ImageShape;
import dev.tutelage.learning.data.Sha256;
import dev.tutelage.learning.data.ShardWriter;
import dev.tutelage.learning.hygiene.Link;
import dev.tutelage.learning.hygiene.Resemblance;
import dev.tutelage.learning.label.SoftLabels;
import dev.tutelage.learning.program.UntrainedTeacher;
import dev.tutelage.platform.log.FactLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A labeler and a teacher that knows nothing, in a stream that is not clean. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HygieneIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final ImageShape SHAPE = new ImageShape(1, 28, 28);
    private static final int RESTARTS_PATIENCE = 50;

    private Machine machine;
    private ImageSet train;
    private Path directory;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        directory = temporary;
        train = TinyTask.train().withoutLabels();
        machine = Machine.start(
                MachineOptions.everything(Home.directory(), temporary.resolve("machine"))
                        .withServices(List.of("labeler")),
                status -> System.out.println(status.line()));
    }

    @AfterAll
    void stop() {
        machine.close();
    }

    @Test
    void duplicatesCopiesOfHeldOutImagesAndBadFilesAreToldAndTheRestIsLabeled() throws Exception {
        try (TinyTask task = new TinyTask("hygiene", machine);
                Watcher watcher = new Watcher("hygiene", machine)) {
            task.declare();
            task.addHeldOutAndLabeled();
            teach("hygiene");

            byte[] first = shard(with(png(0, 50), Map.of("again", png(train.pixels(7)))));
            SoftLabelsAdded labeled = labels(task, watcher, first);
            assertCounts(labeled, 50, 1, 0, 0);
            assertThat(read(labeled).relations().links())
                    .containsExactly(new Link(train.digest(7), labeled.getShard()));

            assertThatCopiesAreSorted(task, watcher, labeled);
            assertThatBadFilesAreCountedByKind(task, watcher);

            byte[] nothingNew = shard(png(10, 30));
            assertCounts(labels(task, watcher, nothingNew), 0, 20, 0, 0);
            task.add(new byte[10240], 5, false);
            SoftLabelsAdded last = labels(task, watcher, shard(png(300, 310)));
            assertCounts(last, 10, 0, 0, 0);
            watcher.await("the end of all runs", PATIENCE, () -> !watcher.runs(RunState.RUN_STATE_FAILED)
                    .isEmpty());
            assertThat(watcher.runs(RunState.RUN_STATE_FAILED))
                    .as("the shard that is no tar")
                    .hasSize(1);
        }
    }

    private void assertThatCopiesAreSorted(TinyTask task, Watcher watcher, SoftLabelsAdded before) throws Exception {
        ImageSet heldOut = TinyTask.heldOut();
        Map<String, byte[]> images = with(
                png(40, 70),
                Map.of(
                        "copy-of-3", png(brighter(train.pixels(3))),
                        "held-out", png(heldOut.pixels(5)),
                        "like-held-out", png(brighter(heldOut.pixels(6)))));
        SoftLabelsAdded added = labels(task, watcher, shard(images));
        assertThat(List.of(added.getImages(), added.getLinked(), added.getLeaked(), added.getRejected()))
                .containsExactly(21, 10, 2, 0);
        SoftLabels labels = read(added);
        assertThat(labels.relations().links())
                .containsExactlyElementsOf(IntStream.range(40, 50)
                        .mapToObj(i -> new Link(train.digest(i), before.getShard()))
                        .toList());
        assertThat(labels.imageDigests()).doesNotContain(Sha256.of(images.get("held-out")));
        assertThat(added.getNearDuplicates())
                .isEqualTo(labels.relations().resemblances().size());
        assertThat(labels.relations().resemblances())
                .filteredOn(near -> near.image().equals(Sha256.of(images.get("copy-of-3"))))
                .singleElement()
                .extracting(Resemblance::resembled)
                .isEqualTo(train.digest(3));
        assertThat(rejected(watcher, added.getShard()))
                .containsOnlyKeys("held-out", "like-held-out")
                .allSatisfy(
                        (image, item) -> assertThat(item.getKind()).isEqualTo(RejectionKind.REJECTION_KIND_LEAKAGE));
        assertThat(rejected(watcher, added.getShard()).get("held-out").getReason())
                .isEqualTo("is held out: its bytes are those of " + heldOut.key(5));
        assertThat(rejected(watcher, added.getShard()).get("like-held-out").getReason())
                .startsWith("is held out: it looks like " + heldOut.key(6));
    }

    private void assertThatBadFilesAreCountedByKind(TinyTask task, Watcher watcher) throws Exception {
        byte[] whole = png(train.pixels(200));
        byte[] damaged = whole.clone();
        damaged[whole.length - 20] ^= 1;
        Map<String, RejectionKind> kinds = Map.of(
                "no-image", RejectionKind.REJECTION_KIND_UNSUPPORTED_FORMAT,
                "cut-off", RejectionKind.REJECTION_KIND_TRUNCATED,
                "damaged", RejectionKind.REJECTION_KIND_UNREADABLE,
                "bomb", RejectionKind.REJECTION_KIND_TOO_LARGE,
                "animated", RejectionKind.REJECTION_KIND_ANIMATED,
                "colored", RejectionKind.REJECTION_KIND_WRONG_CHANNELS);
        Map<String, byte[]> bad = Map.of(
                "no-image", "no image at all".getBytes(UTF_8),
                "cut-off", Arrays.copyOf(whole, whole.length / 2),
                "damaged", damaged,
                "bomb", bomb(whole),
                "animated", animatedWebp(),
                "colored", ImageCodec.png(new ImageShape(3, 28, 28), new byte[3 * 784]));
        SoftLabelsAdded added = labels(task, watcher, shard(with(png(100, 110), bad)));
        assertCounts(added, 10, 0, 0, 6);
        assertThat(added.getRejectedByKindList())
                .containsExactlyInAnyOrderElementsOf(kinds.values().stream()
                        .map(kind -> RejectionCount.newBuilder()
                                .setKind(kind)
                                .setImages(1)
                                .build())
                        .toList());
        assertThat(rejected(watcher, added.getShard()))
                .hasSameSizeAs(kinds)
                .allSatisfy((image, item) -> assertThat(item.getKind()).isEqualTo(kinds.get(image)));
    }

    /** What was labeled before is read back from the store, in the background. */
    @Test
    void aLabelerThatBeginsAnewSoonKnowsWhatWasLabeledBefore() throws Exception {
        try (TinyTask task = new TinyTask("remembered", machine);
                Watcher watcher = new Watcher("remembered", machine)) {
            task.declare();
            task.addHeldOutAndLabeled();
            teach("remembered");
            SoftLabelsAdded before = labels(task, watcher, shard(png(0, RESTARTS_PATIENCE)));
            machine.kill("labeler");
            int linked = 0;
            for (int i = 0; i < RESTARTS_PATIENCE && linked == 0; i++) {
                SoftLabelsAdded added = labels(task, watcher, shard(png(i, i + 1)));
                linked = added.getLinked();
                assertThat(added.getImages() + linked).isEqualTo(1);
                read(added).relations().links().forEach(link -> assertThat(link.shard())
                        .isEqualTo(before.getShard()));
            }
            assertThat(linked).isEqualTo(1);
        }
    }

    private void teach(String task) throws Exception {
        Path checkpoint = directory.resolve(task);
        String classes = "t-shirt,trouser,pullover,dress,coat,sandal,shirt,sneaker,bag,ankle-boot";
        UntrainedTeacher.main(new String[] {checkpoint.toString(), task, classes, "1x28x28", "quick", "1"});
        try (FactLog log =
                new FactLog(machine.kafka(), "/tutelage/test", "test-" + UUID.randomUUID(), Clock.systemUTC())) {
            String digest = new CheckpointUpload(machine.artifactStore(), log)
                    .add(checkpoint)
                    .getDigest();
            log.publish(List.of(Promoted.newBuilder()
                    .setTask(task)
                    .setRole(Role.ROLE_TEACHER)
                    .setCheckpoint(digest)
                    .build()));
        }
    }

    /** Adds a shard and waits for its labels. */
    private static SoftLabelsAdded labels(TinyTask task, Watcher watcher, byte[] tar) throws Exception {
        task.add(tar, 1, false);
        String shard = Sha256.of(tar);
        watcher.await("soft labels of " + shard, PATIENCE, () -> watcher.softLabels().stream()
                .anyMatch(labels -> labels.getShard().equals(shard)));
        watcher.catchUp();
        return watcher.softLabels().stream()
                .filter(labels -> labels.getShard().equals(shard))
                .findFirst()
                .orElseThrow();
    }

    private SoftLabels read(SoftLabelsAdded added) throws IOException {
        Path file = directory.resolve(added.getLogits().getDigest());
        machine.artifactStore().fetch(added.getLogits(), file);
        return SoftLabels.read(file);
    }

    private static void assertCounts(SoftLabelsAdded added, int images, int linked, int leaked, int rejected) {
        assertThat(List.of(added.getImages(), added.getLinked(), added.getLeaked(), added.getRejected()))
                .as("images, linked, leaked, rejected")
                .containsExactly(images, linked, leaked, rejected);
    }

    private static Map<String, RejectedItem> rejected(Watcher watcher, String shard) {
        return watcher.rejected().stream()
                .filter(item -> item.getShard().equals(shard))
                .collect(Collectors.toMap(RejectedItem::getImage, item -> item));
    }

    private Map<String, byte[]> png(int from, int to) {
        Map<String, byte[]> images = new LinkedHashMap<>();
        for (int i = from; i < to; i++) {
            images.put(train.key(i), png(train.pixels(i)));
        }
        return images;
    }

    private static byte[] png(byte[] pixels) {
        return ImageCodec.png(SHAPE, pixels);
    }

    private static byte[] brighter(byte[] pixels) {
        byte[] brighter = new byte[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            brighter[i] = (byte) Math.min(255, (pixels[i] & 0xff) + 2);
        }
        return brighter;
    }

    private static Map<String, byte[]> with(Map<String, byte[]> images, Map<String, byte[]> more) {
        Map<String, byte[]> all = new LinkedHashMap<>(images);
        all.putAll(more);
        return all;
    }

    /** A PNG whose header says that it has four billion billion pixels. */
    private static byte[] bomb(byte[] whole) {
        ByteBuffer png = ByteBuffer.wrap(whole.clone());
        png.putInt(16, Integer.MAX_VALUE).putInt(20, Integer.MAX_VALUE);
        CRC32 crc = new CRC32();
        crc.update(png.array(), 12, 17);
        return png.putInt(29, (int) crc.getValue()).array();
    }

    /** The first chunk of one, which says that there will be frames. */
    private static byte[] animatedWebp() {
        return ByteBuffer.allocate(30)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(US_ASCII))
                .putInt(22)
                .put("WEBPVP8X".getBytes(US_ASCII))
                .putInt(10)
                .putInt(2)
                .array();
    }

    private static byte[] shard(Map<String, byte[]> images) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ShardWriter writer = new ShardWriter(bytes)) {
            for (Map.Entry<String, byte[]> image : images.entrySet()) {
                writer.add(image.getKey(), image.getValue(), OptionalInt.empty());
            }
        }
        return bytes.toByteArray();
    }
}
