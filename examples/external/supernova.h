/* The likelihood of a flat wCDM universe, given the 40 redshift bins of Pantheon (Scolnic et al. 2018). */
#ifndef SUPERNOVA_H
#define SUPERNOVA_H

/* Reads lcparam_DS17f.txt and sys_DS17f.txt. Returns 0, or another number after a message on standard error. */
int supernova_read(const char *folder);

/* The number of redshifts, and of the intervals between them. */
int supernova_count(void);

/* The comoving distance, in units of c / H0, that interval i (from 0) adds to that of the redshift before. */
double supernova_distance(int i, double omega_m, double w);

/* -chi2 / 2, the offset of all magnitudes marginalised, for the distances that each interval adds. */
double supernova_log_likelihood(const double *distances);

#endif
