package dev.tutelage.cli.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tutelage.learning.recipe.LabelRecipe;
import dev.tutelage.learning.recipe.Recipes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;

/** A soft-label file as its format's documentation has it, written by hand: the CLI has no engine. */
record SoftLabelFile(String teacher, String shard, int classes, List<String> images) {
    private static final LabelRecipe RECIPE = Recipes.LABEL.preset("quick");
    static final int VIEWS = RECIPE.views();

    byte[] bytes() throws IOException {
        int rows = images.size();
        ObjectNode header = JsonMapper.builder().build().createObjectNode();
        header.putObject("__metadata__")
                .put("format_version", "1")
                .put("teacher", teacher)
                .put("shard", shard)
                .put("classes", Integer.toString(classes))
                .put("recipe", Recipes.LABEL.write(RECIPE));
        int seeds = rows * VIEWS * Long.BYTES;
        int logits = rows * VIEWS * classes * Float.BYTES;
        int digests = rows * 32;
        tensor(header, "view_seeds", "I64", List.of(rows, VIEWS), 0, seeds);
        tensor(header, "logits", "F32", List.of(rows, VIEWS, classes), seeds, seeds + logits);
        tensor(header, "image_digests", "U8", List.of(rows, 32), seeds + logits, seeds + logits + digests);
        byte[] text = header.toString().getBytes(UTF_8);
        ByteBuffer file = ByteBuffer.allocate(Long.BYTES + text.length + seeds + logits + digests)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text);
        file.position(file.position() + seeds + logits);
        images.forEach(image -> file.put(HexFormat.of().parseHex(image)));
        return file.array();
    }

    private static void tensor(ObjectNode header, String name, String type, List<Integer> shape, int from, int to) {
        ObjectNode entry = header.putObject(name).put("dtype", type);
        shape.forEach(entry.putArray("shape")::add);
        entry.putArray("data_offsets").add(from).add(to);
    }
}
