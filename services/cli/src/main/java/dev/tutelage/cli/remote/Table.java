package dev.tutelage.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What people read of a list of things in JSON.
 *
 * @param columns from left to right
 */
record Table(List<Column> columns) {
    private static final String NOTHING = "-";

    /**
     * A column.
     *
     * @param pointer JSON pointer of what it shows
     * @param longest so many characters of it
     */
    record Column(String title, String pointer, int longest) {
        static Column of(String title, String pointer) {
            return new Column(title, pointer, Integer.MAX_VALUE);
        }

        /** Of a digest so much as tells it from others. */
        static Column digest(String title, String pointer) {
            return new Column(title, pointer, 12);
        }

        /** Of a time as much as people want to know. */
        static Column time(String title, String pointer) {
            return new Column(title + " (UTC)", pointer, 19);
        }

        private String cell(JsonNode row) {
            JsonNode value = row.at(pointer);
            String text;
            if (value.isMissingNode() || value.isNull() || (value.isContainerNode() && value.isEmpty())) {
                text = NOTHING;
            } else if (value.isArray()) {
                List<String> parts = new ArrayList<>();
                value.forEach(part -> parts.add(part.asText()));
                text = String.join(", ", parts);
            } else if (value.isFloatingPointNumber()) {
                text = String.format(Locale.ROOT, "%.2f", value.asDouble());
            } else {
                text = value.asText();
            }
            return text.substring(0, Math.min(longest, text.length()));
        }
    }

    Table(Column... columns) {
        this(List.of(columns));
    }

    /** A line of titles, and one for each row; columns are as wide as what is in them, and numbers stand to the right. */
    List<String> lines(List<JsonNode> rows) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(columns.stream().map(Column::title).toList());
        rows.forEach(row ->
                cells.add(columns.stream().map(column -> column.cell(row)).toList()));
        List<String> lines = new ArrayList<>();
        for (List<String> row : cells) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < columns.size(); c++) {
                line.append(padded(row.get(c), width(cells, c), isNumeric(rows, c)))
                        .append("  ");
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    private static int width(List<List<String>> cells, int column) {
        return cells.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private boolean isNumeric(List<JsonNode> rows, int column) {
        String pointer = columns.get(column).pointer();
        return !rows.isEmpty()
                && rows.stream()
                        .allMatch(row ->
                                row.at(pointer).isNumber() || row.at(pointer).isMissingNode());
    }

    private static String padded(String text, int width, boolean right) {
        String space = " ".repeat(width - text.length());
        return right ? space + text : text + space;
    }
}
