#include "supernova.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 64
#define NODES 10 /* of Gauss-Legendre quadrature between two redshifts */
#define LIGHT_SPEED 299792.458
#define HUBBLE 70.0 /* drops out with the offset */

static int count;
static double z_cmb[MOST], z_hel[MOST], brightness[MOST];
static double precision[MOST][MOST], row_sum[MOST];
static double node_u[MOST][NODES], node_weight[MOST][NODES]; /* u = ln(1 + z) */

/* Nodes and weights on (-1, 1), by Newton's method on the Legendre polynomial. */
static void gauss_legendre(double *x, double *weight)
{
    for (int i = 0; i < NODES; i++) {
        double root = cos(M_PI * (i + 0.75) / (NODES + 0.5)), slope = 1;
        for (int step = 0; step < 100; step++) {
            double p0 = 1, p1 = root, change;
            for (int n = 2; n <= NODES; n++) {
                double p2 = ((2 * n - 1) * root * p1 - (n - 1) * p0) / n;
                p0 = p1;
                p1 = p2;
            }
            slope = NODES * (root * p1 - p0) / (root * root - 1);
            change = p1 / slope;
            root -= change;
            if (fabs(change) < 1e-16)
                break;
        }
        x[i] = root;
        weight[i] = 2 / ((1 - root * root) * slope * slope);
    }
}

static FILE *open_in(const char *folder, const char *name)
{
    char path[4096];
    FILE *file;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "r");
    if (!file)
        fprintf(stderr, "%s cannot be read; get the data with scripts/fetch-data.sh\n", path);
    return file;
}

static double error[MOST];

static int read_table(FILE *file)
{
    char line[1024];
    while (count < MOST && fgets(line, sizeof line, file)) {
        /* name zcmb zhel dz mb dmb ... */
        if (line[0] != '#'
            && sscanf(line, "%*s %lf %lf %*f %lf %lf", &z_cmb[count], &z_hel[count], &brightness[count], &error[count]) == 4)
            count++;
    }
    return count == 40 ? 0 : 1;
}

static int read_matrix(FILE *file, double matrix[MOST][MOST])
{
    int size;
    if (fscanf(file, "%d", &size) != 1 || size != count)
        return 1;
    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++)
            if (fscanf(file, "%lf", &matrix[i][j]) != 1)
                return 1;
    return 0;
}

/* Gauss-Jordan elimination; a covariance matrix needs no pivoting. */
static void invert(double matrix[MOST][MOST], double inverse[MOST][MOST])
{
    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++)
            inverse[i][j] = i == j;
    for (int k = 0; k < count; k++) {
        double pivot = matrix[k][k];
        for (int j = 0; j < count; j++) {
            matrix[k][j] /= pivot;
            inverse[k][j] /= pivot;
        }
        for (int i = 0; i < count; i++) {
            double factor = matrix[i][k];
            for (int j = 0; i != k && j < count; j++) {
                matrix[i][j] -= factor * matrix[k][j];
                inverse[i][j] -= factor * inverse[k][j];
            }
        }
    }
}

int supernova_read(const char *folder)
{
    static double covariance[MOST][MOST], read[MOST][MOST];
    double x[NODES], weight[NODES], before = 0;
    FILE *table = open_in(folder, "lcparam_DS17f.txt"), *matrix = open_in(folder, "sys_DS17f.txt");

    if (!table || !matrix)
        return 1;
    if (read_table(table) || read_matrix(matrix, read)) {
        fprintf(stderr, "the files in %s are not those of the 40 bins of Pantheon\n", folder);
        return 1;
    }
    fclose(table);
    fclose(matrix);
    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++)
            covariance[i][j] = (read[i][j] + read[j][i]) / 2 + (i == j ? error[i] * error[i] : 0);
    invert(covariance, precision);
    gauss_legendre(x, weight);
    for (int i = 0; i < count; i++) {
        double u = log1p(z_cmb[i]); /* the bins are in the order of redshift */
        for (int j = 0; j < count; j++)
            row_sum[i] += precision[i][j];
        for (int n = 0; n < NODES; n++) {
            node_u[i][n] = before + (u - before) * (x[n] + 1) / 2;
            node_weight[i][n] = weight[n] * (u - before) / 2;
        }
        before = u;
    }
    return 0;
}

int supernova_count(void)
{
    return count;
}

double supernova_distance(int i, double omega_m, double w)
{
    double sum = 0;
    for (int n = 0; n < NODES; n++) {
        double u = node_u[i][n];
        /* (E / (1 + z))^2, since (1 + z) / E is the integrand in u */
        sum += node_weight[i][n] / sqrt(omega_m * exp(u) + (1 - omega_m) * exp((1 + 3 * w) * u));
    }
    return sum;
}

double supernova_log_likelihood(const double *distances)
{
    double residual[MOST], distance = 0, weighted = 0, weight = 0, chi2 = 0;
    for (int i = 0; i < count; i++) {
        distance += distances[i];
        residual[i] = brightness[i] - (5 * log10((1 + z_hel[i]) * LIGHT_SPEED / HUBBLE * distance) + 25);
        weighted += row_sum[i] * residual[i];
        weight += row_sum[i];
    }
    for (int i = 0; i < count; i++)
        residual[i] -= weighted / weight;
    for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++)
            chi2 += residual[i] * precision[i][j] * residual[j];
    return -chi2 / 2;
}
