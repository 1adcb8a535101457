/**
 * What all rooms of a job share: errors, exit codes, files that are written as a whole, durations. The rooms, each of
 * which may use those before it:
 *
 * <ul>
 *   <li>{@code table}: tables in files, read and written
 *   <li>{@code config}: the job file
 *   <li>{@code plan}: what is to be evaluated, checked against the model
 *   <li>{@code result}: outcomes in columns, posteriors, the tables of results
 *   <li>{@code run}: a run on its way, its record on disk, its status
 *   <li>{@code eval}: points that come as lines of JSON
 * </ul>
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.job;
