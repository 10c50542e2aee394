package dev.tutelage.control.softlabel;

import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import dev.tutelage.event.v1.ShardAdded;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/** One line an image: {@code image,shard,teacher,class,confidence} and the probability of each class, after a line of names. */
public final class CsvLabels implements LabelSink {
    private final List<String> classes;
    private final SequenceWriter rows;

    /** @param out is closed with this */
    public CsvLabels(Writer out, List<String> classes) throws IOException {
        this.classes = List.copyOf(classes);
        this.rows = CsvMapper.builder()
                .enable(CsvGenerator.Feature.STRICT_CHECK_FOR_QUOTING)
                .build()
                .writer()
                .writeValues(out);
        List<String> names = new ArrayList<>(List.of("image", "shard", "teacher", "class", "confidence"));
        classes.forEach(name -> names.add("p:" + name));
        rows.write(names);
    }

    @Override
    public void add(ShardAdded shard, String teacher, List<SoftLabel> labels) throws IOException {
        for (SoftLabel label : labels) {
            List<Object> row = new ArrayList<>(List.of(
                    label.image(),
                    shard.getShard().getDigest(),
                    teacher,
                    classes.get(label.likeliest()),
                    label.confidence()));
            row.addAll(label.probabilities());
            rows.write(row);
        }
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
