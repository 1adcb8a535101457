package org.astropool.job;

/**
 * A data file that a model read.
 *
 * @param name without its folder
 * @param sha256 of its content, in hexadecimal
 */
record DataFile(String name, String sha256) {}
