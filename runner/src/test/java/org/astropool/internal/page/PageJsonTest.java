package org.astropool.internal.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.grack.nanojson.JsonObject;
import com.grack.nanojson.JsonParser;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PageJsonTest {

    @Test
    void textOfOthersCannotEndTheScriptThatHoldsIt() throws Exception {
        String hostile = "</script><!-- \u2028\u2029\u202e \"\\ \n\r\t\u0000 \ud83d\ude00 \ud83d";

        String json = PageJson.of(Map.of(hostile, hostile));

        assertThat(json).doesNotContain("<", "\u2028", "\u2029", "\u202e", "\n", "\r", "\u0000");
        assertThat(json.chars().filter(c -> Character.isSurrogate((char) c))).isEmpty();
        JsonObject read = JsonParser.object().from(json);
        assertThat(read.getString(hostile)).isEqualTo(hostile);
    }

    @Test
    void numbersThatJsonCannotRepresentAreNull() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("a", Double.NaN);
        values.put("b", new double[] {Double.NEGATIVE_INFINITY, 1.5, Double.NaN});
        values.put("c", null);
        values.put("d", List.of(1, 2.25, true));

        assertThat(PageJson.of(values)).isEqualTo("{\"a\":null,\"b\":[null,1.5,null],\"c\":null,\"d\":[1,2.25,true]}");
    }

    /** Julian dates, for instance, differ in digits that a float does not have. */
    @Test
    void closeNumbersOfAnArrayRemainDifferent() throws Exception {
        double[] dates = {2460000.123456, 2460000.123457};
        double[] tiny = {1e-300, 2e-300, 0};

        assertThat(PageJson.of(dates)).isEqualTo("[2460000.123456,2460000.123457]");
        assertThat(PageJson.of(tiny)).isEqualTo("[1.0E-300,2.0E-300,0]");
        assertThat(JsonParser.array()
                        .from(PageJson.of(new double[] {1.0 / 3, 2}))
                        .getDouble(0))
                .isBetween(0.333333, 0.333334);
    }
}
