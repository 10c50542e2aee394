package dev.tutelage.gateway.upload;

import dev.tutelage.event.v1.Split;
import dev.tutelage.event.v1.UploadAccepted;
import dev.tutelage.event.v1.UploadedImages;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of an upload, as it is answered. The same upload has the same answer each time.
 *
 * @param upload its id
 * @param split train or held_out
 * @param accepted number of images that are in shards
 * @param refused number of those that cannot be used
 * @param shards digests of the shards that hold its images; those of other uploads may be in them, too
 * @param images those that are in, in the request's order
 * @param problems those that are not
 */
public record UploadAnswer(
        String task,
        String upload,
        String split,
        boolean labeled,
        int accepted,
        int refused,
        List<String> shards,
        List<Image> images,
        List<Problem> problems) {

    /**
     * An image that is in.
     *
     * @param name what its sender calls it
     * @param digest SHA-256 of its bytes
     * @param shard digest of the shard that holds it
     */
    public record Image(String name, String digest, String shard) {}

    /**
     * An image that is not, as a problem of RFC 9457.
     *
     * @param kind of reason, as docs/data.md lists them
     */
    public record Problem(String title, int status, String detail, String name, String kind) {}

    /** The answer to a request of which this came, and which was accepted by that fact. */
    static UploadAnswer of(Target target, List<Item> items, UploadAccepted accepted) {
        List<String> shardOfEach = new ArrayList<>();
        for (UploadedImages some : accepted.getShardsList()) {
            for (int i = 0; i < some.getImages(); i++) {
                shardOfEach.add(some.getShard());
            }
        }
        List<Image> images = new ArrayList<>();
        for (Item item : items) {
            if (item instanceof Item.Usable usable && images.size() < shardOfEach.size()) {
                images.add(new Image(usable.name(), usable.digest(), shardOfEach.get(images.size())));
            }
        }
        return new UploadAnswer(
                accepted.getTask(),
                accepted.getUpload(),
                target.split() == Split.SPLIT_HELD_OUT ? "held_out" : "train",
                target.labeled(),
                accepted.getAccepted(),
                accepted.getRefused(),
                accepted.getShardsList().stream()
                        .map(UploadedImages::getShard)
                        .distinct()
                        .toList(),
                images,
                problems(items));
    }

    static List<Problem> problems(List<Item> items) {
        return items.stream()
                .filter(Item.Refused.class::isInstance)
                .map(Item.Refused.class::cast)
                .map(item -> new Problem("Unusable image", 422, item.detail(), item.name(), item.kind()))
                .toList();
    }
}
