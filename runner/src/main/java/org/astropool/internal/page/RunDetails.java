package org.astropool.internal.page;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.astropool.internal.job.run.RunContents;
import org.astropool.internal.job.run.RunStatus.JournalFile;
import org.astropool.internal.text.CutText;
import org.jspecify.annotations.Nullable;

/** The job of a run with its seed, the versions of programs, and the digests of model and data. */
final class RunDetails {
    private static final int LONGEST_VALUE = 500;
    private static final int MOST_ENTRIES = 400;

    private final RunContents contents;

    RunDetails(RunContents contents) {
        this.contents = contents;
    }

    Map<String, Object> json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        JsonObject record = contents.record().orElseGet(JsonObject::new);
        List<List<String>> job = new ArrayList<>();
        for (String section : record.keySet()) {
            if (record.get(section) instanceof JsonObject table && !section.equals("model_digests")) {
                flatten(section, table, job);
            }
        }
        fields.put("job", job.subList(0, Math.min(job.size(), MOST_ENTRIES)));
        fields.put("facts", facts(record));
        fields.put("files", files(record));
        return fields;
    }

    /** The lines of a job file: keys with dots, and values as TOML. */
    private static void flatten(String prefix, JsonObject table, List<List<String>> lines) {
        for (Map.Entry<String, Object> entry : table.entrySet()) {
            String key = prefix + "." + entry.getKey();
            if (entry.getKey().equals("recorded_declaration")) {
                continue; // what the model says about itself is no part of the job file
            }
            if (entry.getValue() instanceof JsonObject inner && isTable(inner)) {
                flatten(key, inner, lines);
            } else {
                lines.add(List.of(key, CutText.of(text(entry.getValue()), LONGEST_VALUE)));
            }
        }
    }

    /** Short tables of numbers and text are written in one line. */
    private static boolean isTable(JsonObject value) {
        return value.values().stream().anyMatch(JsonObject.class::isInstance) || value.size() > 6;
    }

    private static String text(@Nullable Object value) {
        if (value instanceof JsonObject table) {
            return table.entrySet().stream()
                    .map(entry -> entry.getKey() + " = " + text(entry.getValue()))
                    .collect(Collectors.joining(", ", "{ ", " }"));
        }
        if (value instanceof JsonArray list) {
            return list.stream().map(RunDetails::text).collect(Collectors.joining(", ", "[", "]"));
        }
        return value instanceof String text ? '"' + text + '"' : String.valueOf(value);
    }

    private List<List<String>> facts(JsonObject record) {
        List<List<String>> facts = new ArrayList<>();
        JsonObject summary = contents.summary().orElseGet(JsonObject::new);
        contents.result().ifPresent(result -> add(facts, "seed", result.spec().seed()));
        JsonObject digests = record.getObject("model_digests", new JsonObject());
        add(facts, "digest of the job", digests.get("job"));
        add(facts, "digest of the points", digests.get("points"));
        add(facts, "digest of options and data", digests.get("options_and_data"));
        for (String key : List.of("pool", "carrier", "attempts", "wall_seconds")) {
            add(facts, key.replace('_', ' '), summary.get(key));
        }
        summary.getObject("versions", new JsonObject())
                .forEach((name, version) -> add(facts, "version of " + name, version));
        for (Object change : digests.getArray("accepted_changes", new JsonArray())) {
            add(facts, "accepted change of the model", change);
        }
        contents.status().journal().ifPresent(journal -> addJournal(facts, journal));
        return facts;
    }

    private static void addJournal(List<List<String>> facts, JournalFile journal) {
        add(facts, "journal", journal.file() + ", " + journal.bytes() + " bytes");
        journal.damages().stream().limit(MOST_ENTRIES).forEach(damage -> add(facts, "damage", damage));
    }

    private static void add(List<List<String>> facts, String name, @Nullable Object value) {
        if (value != null) {
            facts.add(List.of(name, CutText.of(value.toString(), LONGEST_VALUE)));
        }
    }

    /** Name and digest of each data file and of each part of the model. */
    private static List<List<String>> files(JsonObject record) {
        List<List<String>> files = new ArrayList<>();
        for (Object each : record.getArray("data_files", new JsonArray())) {
            if (each instanceof JsonObject file) {
                files.add(List.of(file.getString("name", ""), file.getString("sha256", "")));
            }
        }
        record.getObject("model_digests", new JsonObject())
                .getObject("parts", new JsonObject())
                .forEach((name, digest) -> files.add(List.of(name, String.valueOf(digest))));
        return files.subList(0, Math.min(files.size(), MOST_ENTRIES));
    }
}
