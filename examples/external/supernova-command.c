/* supernova-command FOLDER OMEGA_M W: started for each point, prints chi2 (supernova-command.toml). */
#include "supernova.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    double distances[64];
    if (argc != 4 || supernova_read(argv[1]))
        return 1;
    for (int i = 0; i < supernova_count(); i++)
        distances[i] = supernova_distance(i, atof(argv[2]), atof(argv[3]));
    printf("chi2 = %.17g\n", -2 * supernova_log_likelihood(distances));
    return 0;
}
