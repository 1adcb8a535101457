package org.astropool.internal.program;

import java.io.Serializable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.astropool.task.Output;

/**
 * Where a command leaves an output: in a text, and there in the last match of a pattern, in a member of a JSON
 * document, or in the last line that is not blank. Immutable.
 *
 * @param output its declaration; scalar
 * @param from "stdout", "stderr", or a file, relative to the scratch folder
 * @param pattern regular expression, its first group or else the whole match is the value; "" for none
 * @param json dotted name of a member; "" for none
 * @param column of the last line, from 1; 0 for the last one
 * @param scale the number is multiplied with it
 */
public record OutputRule(Output output, String from, String pattern, String json, int column, double scale)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /** Standard output. */
    public static final String STDOUT = "stdout";

    static final String STDERR = "stderr";

    /**
     * @throws IllegalArgumentException when the pattern is not a regular expression, or there are two ways to find the
     *     value
     */
    public OutputRule {
        if (!pattern.isEmpty() && !json.isEmpty()) {
            throw new IllegalArgumentException(
                    "output " + output.name() + ": pattern and json are two ways to find it; give one");
        }
        if (scale != 1 && output.type() != Output.Type.DOUBLE) {
            throw new IllegalArgumentException("output " + output.name() + ": scale is for type double");
        }
        if (output.type() == Output.Type.DOUBLE_VECTOR) {
            throw new IllegalArgumentException("output " + output.name() + ": a command gives single values alone");
        }
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "output " + output.name() + ": the pattern is no regular expression: " + e.getMessage(), e);
        }
    }

    /** What results depend on, as text. */
    String identity() {
        return "output " + output.name() + " " + output.type() + " from " + from + " pattern " + pattern + " json "
                + json + " column " + column + " scale " + scale;
    }
}
