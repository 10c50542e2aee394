package dev.tutelage.cli.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tutelage.learning.recipe.LabelRecipe;
import dev.tutelage.learning.recipe.Recipes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;

/** A soft-label file as its format's documentation has it, written by hand: the CLI has no engine. */
public record SoftLabelFile(String teacher, String shard, int classes, List<String> images) {
    private static final LabelRecipe RECIPE = Recipes.LABEL.preset("quick");
    public static final int VIEWS = RECIPE.views();

    /** With logits that are all 0. */
    byte[] bytes() {
        return bytes(new float[images.size() * VIEWS * classes]);
    }

    /**
     * The file.
     *
     * @param logits [n, K, classes] in row-major order
     */
    public byte[] bytes(float... logits) {
        int rows = images.size();
        ObjectNode header = JsonMapper.builder().build().createObjectNode();
        header.putObject("__metadata__")
                .put("format_version", "1")
                .put("teacher", teacher)
                .put("shard", shard)
                .put("classes", Integer.toString(classes))
                .put("recipe", Recipes.LABEL.write(RECIPE));
        int seeds = rows * VIEWS * Long.BYTES;
        int logitBytes = rows * VIEWS * classes * Float.BYTES;
        int digests = rows * 32;
        tensor(header, "view_seeds", "I64", List.of(rows, VIEWS), 0, seeds);
        tensor(header, "logits", "F32", List.of(rows, VIEWS, classes), seeds, seeds + logitBytes);
        tensor(header, "image_digests", "U8", List.of(rows, 32), seeds + logitBytes, seeds + logitBytes + digests);
        byte[] text = header.toString().getBytes(UTF_8);
        ByteBuffer file = ByteBuffer.allocate(Long.BYTES + text.length + seeds + logitBytes + digests)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text);
        file.position(file.position() + seeds);
        for (float logit : logits) {
            file.putFloat(logit);
        }
        images.forEach(image -> file.put(HexFormat.of().parseHex(image)));
        return file.array();
    }

    private static void tensor(ObjectNode header, String name, String type, List<Integer> shape, int from, int to) {
        ObjectNode entry = header.putObject(name).put("dtype", type);
        shape.forEach(entry.putArray("shape")::add);
        entry.putArray("data_offsets").add(from).add(to);
    }
}
