package io.millrace.producer.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What a dataset's rows are. */
interface ExportFormat {

    /** The rows that a job gives; none where it has not what the format needs. */
    List<ObjectNode> rows(ExportRow row);

    /** Whether rows need the prompts and not only the results. */
    boolean needsPrompts();

    /** The columns as DuckDB names their types, for Parquet and the dataset card, in order. */
    List<Column> columns();

    /**
     * A column.
     *
     * @param type DuckDB's
     * @param feature as a dataset card's {@code features} have it, behind the name
     */
    record Column(String name, String type, String feature) {
        static Column text(String name) {
            return new Column(name, "VARCHAR", "dtype: string");
        }

        static Column number(String name) {
            return new Column(name, "DOUBLE", "dtype: float64");
        }

        static Column integer(String name) {
            return new Column(name, "BIGINT", "dtype: int64");
        }

        static Column messages(String name) {
            return new Column(
                    name,
                    "STRUCT(\"role\" VARCHAR, \"content\" VARCHAR)[]",
                    "list:\n    - name: role\n      dtype: string\n    - name: content\n      dtype: string");
        }
    }
}
