package org.astropool.internal.program;

import org.astropool.internal.json.NumberScanner;
import org.jspecify.annotations.Nullable;

/** An answer that consists of numbers only, as most do. Answers in any other form are left to the JSON parser. */
final class NumberAnswer {
    private NumberAnswer() {}

    /**
     * The numbers of an answer.
     *
     * @param index that of the first point
     * @return one row a point, one column an output; null when the answer has any other form, says no index, or another
     */
    static double @Nullable [][] read(String text, long index, int points, int outputs) {
        NumberScanner answer = new NumberScanner(text);
        double[][] numbers = new double[points][outputs];
        answer.expect("{");
        answer.expect("\"results\"");
        answer.expect(":");
        answer.expect("[");
        for (int i = 0; i < points && answer.matches(); i++) {
            if (i > 0) {
                answer.expect(",");
            }
            answer.expect("[");
            for (int j = 0; j < outputs; j++) {
                if (j > 0) {
                    answer.expect(",");
                }
                numbers[i][j] = answer.number();
            }
            answer.expect("]");
        }
        answer.expect("]");
        answer.expect(",");
        answer.expect("\"index\"");
        answer.expect(":");
        answer.expect(String.valueOf(index));
        answer.expect("}");
        return answer.matchesToTheEnd() ? numbers : null;
    }
}
