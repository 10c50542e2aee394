package dev.tutelage.cli.verify;

import dev.tutelage.learning.data.ShardIndex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether a soft-label file labels every image of its shard once: those and no others, but for images that were left
 * out by right.
 *
 * @param missing keys of images that have no row though nothing says why
 * @param repeated digests of rows beyond the number of images that the shard has of that digest
 * @param foreign digests of rows that the shard has no image of
 * @param inOrder whether the rows are in the shard's order, which is how students match them
 */
record Coverage(List<String> missing, List<String> repeated, List<String> foreign, boolean inOrder) {

    /**
     * Compares a shard and the labels for it.
     *
     * @param rows digest of the image of each row of the soft-label file
     * @param leftOut what is told about images without a row
     */
    static Coverage of(ShardIndex shard, List<String> rows, LeftOut leftOut) {
        Map<String, Integer> left = new HashMap<>();
        rows.forEach(digest -> left.merge(digest, 1, Integer::sum));
        List<String> labeled = new ArrayList<>();
        List<ShardIndex.Image> unlabeled = new ArrayList<>();
        int sureToBeRead = 0;
        for (ShardIndex.Image image : shard.images()) {
            if (image.digest().filter(digest -> take(digest, left)).isPresent()) {
                labeled.add(image.digest().orElseThrow());
                sureToBeRead = unlabeled.size();
            } else {
                unlabeled.add(image);
            }
        }
        // Of a damaged shard, nothing is known about what comes after the last image that was read.
        List<String> missing = unlabeled.subList(0, leftOut.isShardDamaged() ? sureToBeRead : unlabeled.size()).stream()
                .filter(image -> !leftOut.takes(image))
                .map(ShardIndex.Image::key)
                .toList();
        Set<String> known = new HashSet<>();
        shard.images().forEach(image -> image.digest().ifPresent(known::add));
        List<String> surplus = left.keySet().stream()
                .filter(digest -> left.get(digest) > 0)
                .sorted()
                .toList();
        return new Coverage(
                missing,
                surplus.stream().filter(known::contains).toList(),
                surplus.stream().filter(digest -> !known.contains(digest)).toList(),
                !surplus.isEmpty() || labeled.equals(rows));
    }

    private static boolean take(String digest, Map<String, Integer> left) {
        if (left.getOrDefault(digest, 0) == 0) {
            return false;
        }
        left.merge(digest, -1, Integer::sum);
        return true;
    }
}
