/**
 * Shared by all packages of a job: errors, exit codes, files that are written atomically, durations. Each of the
 * following packages may use those before it:
 *
 * <ul>
 *   <li>{@code table}: reads and writes tables in files
 *   <li>{@code config}: the job file
 *   <li>{@code plan}: what is to be evaluated, checked against the model
 *   <li>{@code result}: outcomes in columns, posteriors, the tables of results
 *   <li>{@code search}: what the kinds of search have in common; each kind is in a package of its own below it
 *   <li>{@code run}: a run, its record on disk, its status
 *   <li>{@code eval}: points that arrive as lines of JSON
 * </ul>
 */
@org.jspecify.annotations.NullMarked
package org.astropool.internal.job;
