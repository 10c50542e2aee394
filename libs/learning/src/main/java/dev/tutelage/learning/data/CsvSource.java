package dev.tutelage.learning.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import dev.tutelage.learning.random.Seed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A table of images (CSV, RFC 4180, UTF-8). Its first line names the columns: {@code path}, from the table's own folder
 * on; {@code label}, a class's name; and {@code split}, the part of the data that the image belongs to. The last two may be
 * missing, an empty label is none, and other columns are left alone. The order is shuffled, for tables tend to be sorted
 * by class.
 *
 * @param file the table
 * @param split the part that is wanted; needed if the table has such a column
 * @param seed of the order
 */
public record CsvSource(Path file, Optional<String> split, Seed seed) implements ImageSource {
    private static final ObjectReader CSV = new CsvMapper()
            .readerFor(String[].class)
            .with(CsvParser.Feature.WRAP_AS_ARRAY)
            .with(CsvParser.Feature.SKIP_EMPTY_LINES);

    /** Where the columns are; -1 for one that is missing. */
    private record Columns(int path, int label, int split, int count) {}

    @Override
    public void forEach(Visitor visitor) throws IOException {
        List<SourceImage> images = images();
        for (int i : seed.of("table").permutation(images.size())) {
            visitor.visit(images.get(i));
        }
    }

    private List<SourceImage> images() throws IOException {
        List<SourceImage> images = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file);
                MappingIterator<String[]> rows = CSV.readValues(in)) {
            long line = 1;
            try {
                if (!rows.hasNextValue()) {
                    throw new IOException(file + " is empty");
                }
                Columns columns = columns(rows.nextValue());
                while (rows.hasNextValue()) {
                    line = rows.getParser().currentLocation().getLineNr();
                    row(columns, rows.nextValue(), line).ifPresent(images::add);
                }
            } catch (JsonProcessingException e) {
                throw new IOException(
                        file + ", in the row that begins in line " + line + ": " + e.getOriginalMessage(), e);
            }
        }
        if (images.isEmpty()) {
            throw new IOException(file + " names no images"
                    + split.map(wanted -> " of split '" + wanted + "'").orElse(""));
        }
        return images;
    }

    private Columns columns(String[] names) throws IOException {
        List<String> header = Arrays.asList(names);
        Columns columns =
                new Columns(header.indexOf("path"), header.indexOf("label"), header.indexOf("split"), names.length);
        if (columns.path < 0) {
            throw new IOException(file + ", line 1: no column is called 'path'; the first line names the columns,"
                    + " for example: path,label,split");
        }
        if (columns.split < 0 && split.isPresent()) {
            throw new IOException(
                    file + ", line 1: no column is called 'split', so '" + split.get() + "' cannot be chosen");
        }
        if (columns.split >= 0 && split.isEmpty()) {
            throw new IOException(file + " has a column 'split': say which of its values is wanted, with --split");
        }
        return columns;
    }

    /** The row's image, unless it is of another split. */
    private Optional<SourceImage> row(Columns columns, String[] row, long line) {
        String key = file.getFileName() + " line " + line;
        if (row.length != columns.count) {
            return Optional.of(SourceImage.unusable(
                    key, RejectionKind.BAD_LABEL, "has " + row.length + " columns, but line 1 names " + columns.count));
        }
        if (columns.split >= 0 && !row[columns.split].equals(split.orElseThrow())) {
            return Optional.empty();
        }
        if (row[columns.path].isBlank()) {
            return Optional.of(SourceImage.unusable(key, RejectionKind.MISSING, "names no path"));
        }
        return Optional.of(image(key, row[columns.path], columns.label < 0 ? "" : row[columns.label]));
    }

    private SourceImage image(String row, String path, String label) {
        Path image;
        try {
            image = Path.of(path);
        } catch (InvalidPathException e) {
            return SourceImage.unusable(row, RejectionKind.MISSING, "names no path: " + e.getMessage());
        }
        Path place = file.toAbsolutePath().resolveSibling(image);
        return new SourceImage(
                SourceFile.key(image),
                () -> read(place, row),
                label.isEmpty() ? Optional.empty() : Optional.of(new SourceLabel.Name(label)));
    }

    private static byte[] read(Path place, String row) throws UnusableImageException {
        try {
            return SourceFile.read(place);
        } catch (UnusableImageException e) {
            throw new UnusableImageException(e.kind(), e.getMessage() + " (" + row + ")", e);
        }
    }
}
