/* mpiexec -n N supernova-mpi FOLDER OMEGA_M W: the same by several ranks, each with its share of the redshifts. */
#include "supernova.h"

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    double mine[64] = {0}, distances[64];
    int rank, size;

    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    if (argc != 4 || supernova_read(argv[1]))
        MPI_Abort(MPI_COMM_WORLD, 1);
    for (int i = rank; i < supernova_count(); i += size)
        mine[i] = supernova_distance(i, atof(argv[2]), atof(argv[3]));
    MPI_Reduce(mine, distances, supernova_count(), MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD);
    if (rank == 0)
        printf("ranks %d\nchi2 = %.17g\n", size, -2 * supernova_log_likelihood(distances));
    MPI_Finalize();
    return 0;
}
