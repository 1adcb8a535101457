package org.astropool.internal.transport.process;

import java.util.Arrays;
import java.util.Map;
import org.astropool.internal.transport.CarrierException;

/**
 * What a child is told when it is started, in an environment variable: that reaches it whatever its command line is.
 *
 * @param peer its number
 * @param size how many peers there are at the start
 * @param firstChannel the number of the channel that it opens first
 * @param parent the process id of its parent
 */
record ChildStartInfo(int peer, int size, int firstChannel, long parent) {
    static final String VARIABLE = "ASTROPOOL_CHILD";

    String text() {
        return peer + " " + size + " " + firstChannel + " " + parent;
    }

    static ChildStartInfo of(Map<String, String> environment) throws CarrierException {
        String text = environment.get(VARIABLE);
        if (text == null) {
            throw new CarrierException("this process was not started as a child of astropool: " + VARIABLE
                    + " is not set; use --pool processes instead of starting the worker's main class");
        }
        try {
            long[] numbers =
                    Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
            return new ChildStartInfo(
                    Math.toIntExact(numbers[0]), Math.toIntExact(numbers[1]), Math.toIntExact(numbers[2]), numbers[3]);
        } catch (ArithmeticException | IndexOutOfBoundsException | NumberFormatException e) {
            throw new CarrierException(
                    VARIABLE + " is \"" + text + "\" instead of four numbers: astropool sets it, unset it elsewhere",
                    e);
        }
    }
}
