package org.astropool.internal.job.config;

import org.astropool.internal.job.JobException;

/**
 * A value from the command line that replaces one of the job file.
 *
 * @param option how the user wrote it, for messages, for instance {@code --set grid.w.count}
 * @param key dotted key
 * @param value in TOML syntax; a bare word is a string
 */
public record Setting(String option, String key, String value) {

    /** Reads {@code KEY=VALUE}. @throws JobException when there is no key */
    public static Setting parse(String keyAndValue) throws JobException {
        int equals = keyAndValue.indexOf('=');
        if (equals < 1) {
            throw new JobException(
                    "--set " + keyAndValue + ": this is not KEY=VALUE, for instance --set grid.w.count=81");
        }
        String key = keyAndValue.substring(0, equals).strip();
        return new Setting(
                "--set " + key, key, keyAndValue.substring(equals + 1).strip());
    }

    /** A string, whatever it contains. */
    public static Setting ofString(String option, String key, String value) {
        return new Setting(
                option,
                key,
                '"' + TomlDocument.escaped(value).replace("\\", "\\\\").replace("\"", "\\\"") + '"');
    }
}
