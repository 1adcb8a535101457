package org.astropool.internal.text;

/** Texts that come from outside, as long as somebody will read them: a message may have any length. */
public final class CutText {
    /** Of what is kept the beginning has all but this part. */
    private static final int PART_OF_END = 4;
    /** What says how much was cut has fewer characters, so that a text that was cut is not cut again. */
    private static final int ROOM = 50;

    private CutText() {}

    /**
     * A text without what is too much in its middle, in whose place stands how much that was.
     *
     * @param most characters of the text that are kept; a text that is hardly longer stays
     */
    public static String of(String text, int most) {
        if (text.length() <= most + ROOM) {
            return text;
        }
        int end = text.length() - most / PART_OF_END;
        int begin = most - most / PART_OF_END;
        if (Character.isHighSurrogate(text.charAt(begin - 1))) {
            begin--;
        }
        if (Character.isLowSurrogate(text.charAt(end))) {
            end++;
        }
        return text.substring(0, begin) + " [" + (end - begin) + " characters were cut here] " + text.substring(end);
    }
}
