/* What a point costs that costs nothing: parabola [BATCH] (parabola.toml). */
#include "astropool_model.h"

static int model(const double *point, double *result, char *error)
{
    (void)error;
    result[0] = -(point[0] * point[0] + point[1] * point[1]) / 2;
    return 0;
}

int main(int argc, char **argv)
{
    char hello[200];
    snprintf(hello, sizeof hello,
        "{\"astropool\": 1, \"parameters\": [\"x\", \"y\"], \"outputs\": [\"log_likelihood\"], \"batch\": %d}",
        argc > 1 ? atoi(argv[1]) : 1);
    return astropool_serve(hello, 2, 1, model);
}
