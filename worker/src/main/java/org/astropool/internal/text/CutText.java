package org.astropool.internal.text;

/** Limits the length of texts from outside, because a message may have any length. */
public final class CutText {
    /** Of what is kept the beginning has all but this part. */
    private static final int PART_OF_END = 4;
    /** What says how much was cut has fewer characters, so that a text that was cut is not cut again. */
    private static final int ROOM = 50;

    private CutText() {}

    /**
     * A text whose middle is replaced by a note of how much was cut, if it is too long.
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
