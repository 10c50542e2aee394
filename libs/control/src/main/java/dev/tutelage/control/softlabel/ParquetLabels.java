package dev.tutelage.control.softlabel;

import com.jerolba.carpet.CarpetWriter;
import com.jerolba.carpet.model.FieldTypes;
import com.jerolba.carpet.model.WriteRecordModelType;
import dev.tutelage.event.v1.ShardAdded;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;

/** Parquet with the columns of {@link CsvLabels}, a row an image: texts, and the confidence and probabilities as doubles. */
public final class ParquetLabels implements LabelSink {
    /** Bytes of rows that are in memory until they are written. */
    private static final long ROW_GROUP = 16L << 20;

    private final List<String> classes;
    private final CarpetWriter<Row> rows;

    private record Row(String shard, String teacher, String likeliest, SoftLabel label) {}

    /** @param out is closed with this */
    public ParquetLabels(OutputStream out, List<String> classes) throws IOException {
        this.classes = List.copyOf(classes);
        this.rows = new CarpetWriter.Builder<>(out, Row.class)
                .withWriteRecordModel(columns(this.classes))
                .withRowGroupSize(ROW_GROUP)
                .build();
    }

    private static WriteRecordModelType<Row> columns(List<String> classes) {
        WriteRecordModelType<Row> columns = FieldTypes.writeRecordModel(Row.class)
                .withField(
                        "image", FieldTypes.STRING.notNull(), row -> row.label().image())
                .withField("shard", FieldTypes.STRING.notNull(), Row::shard)
                .withField("teacher", FieldTypes.STRING.notNull(), Row::teacher)
                .withField("class", FieldTypes.STRING.notNull(), Row::likeliest)
                .withField("confidence", FieldTypes.DOUBLE.notNull(), row -> row.label()
                        .confidence());
        for (int c = 0; c < classes.size(); c++) {
            int number = c;
            columns = columns.withField("p:" + classes.get(c), FieldTypes.DOUBLE.notNull(), row -> row.label()
                    .probabilities()
                    .get(number));
        }
        return columns;
    }

    /** How many rows a file has. */
    public static long count(Path file) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
            return reader.getRecordCount();
        }
    }

    @Override
    public void add(ShardAdded shard, String teacher, List<SoftLabel> labels) throws IOException {
        for (SoftLabel label : labels) {
            rows.write(new Row(shard.getShard().getDigest(), teacher, classes.get(label.likeliest()), label));
        }
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
