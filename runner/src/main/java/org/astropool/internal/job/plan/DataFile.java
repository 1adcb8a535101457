package org.astropool.internal.job.plan;

/**
 * A data file that a model read.
 *
 * @param name without its folder
 * @param sha256 of its content, in hexadecimal
 */
public record DataFile(String name, String sha256) {}
