/* supernova-co-process FOLDER: a persistent program that receives its points from astropool (supernova-c.toml). */
#include "astropool_model.h"
#include "supernova.h"

static int model(const double *point, double *result, char *error)
{
    double distances[64];
    if (point[0] < 0 || point[0] > 1) {
        snprintf(error, ASTROPOOL_ERROR, "omega_m = %g is not between 0 and 1", point[0]);
        return 1;
    }
    for (int i = 0; i < supernova_count(); i++)
        distances[i] = supernova_distance(i, point[0], point[1]);
    result[0] = supernova_log_likelihood(distances);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 2 || supernova_read(argv[1]))
        return 1;
    return astropool_serve(
        "{\"astropool\": 1, \"parameters\": [\"omega_m\", \"w\"], \"outputs\": [\"log_likelihood\"], \"batch\": 64}",
        2, 1, model);
}
