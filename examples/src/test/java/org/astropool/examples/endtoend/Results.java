package org.astropool.examples.endtoend;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import com.grack.nanojson.JsonParserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a run has written. */
record Results(Path directory) {

    /** One of the processes that evaluated, by summary.json. */
    record Worker(int rank, String host, long pid, long evaluated) {}

    String text(String file) throws IOException {
        return Files.readString(directory.resolve(file), StandardCharsets.UTF_8);
    }

    /** The lines of a table of text below its header. */
    List<String> rows(String file) throws IOException {
        return text(file).lines().filter(line -> !line.startsWith("#")).skip(1).toList();
    }

    JsonObject summary() throws IOException, JsonParserException {
        return JsonParser.object().from(text("summary.json"));
    }

    List<Worker> workers() throws IOException, JsonParserException {
        JsonArray workers = summary().getArray("workers");
        List<Worker> all = new ArrayList<>();
        for (int i = 0; i < workers.size(); i++) {
            JsonObject worker = workers.getObject(i);
            all.add(new Worker(
                    worker.getInt("rank"),
                    worker.getString("host"),
                    worker.getLong("pid"),
                    worker.getLong("evaluated")));
        }
        return all;
    }
}
