/*
 * A C function as a model of astropool: the protocol of docs/co-process.md in one file. Copy it.
 *
 *   static int model(const double *point, double *result, char *error) { result[0] = ...; return 0; }
 *   int main(void) { return astropool_serve("{\"astropool\": 1, ...}", 2, 1, model); }
 */
#ifndef ASTROPOOL_MODEL_H
#define ASTROPOOL_MODEL_H

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ASTROPOOL_ERROR 256 /* characters */

/* Evaluates a point. Returns 0, or another number and a message without quotes: the point fails. */
typedef int (*astropool_function)(const double *point, double *result, char *error);

static void astropool_print(FILE *out, double value)
{
    if (isfinite(value))
        fprintf(out, "%.17g", value);
    else /* JSON has no such numbers */
        fputs(isnan(value) ? "\"nan\"" : value > 0 ? "\"inf\"" : "\"-inf\"", out);
}

/*
 * Evaluates points until there are no more. hello is the first line that the program says.
 * Returns the exit code of the program.
 */
static int astropool_serve(const char *hello, int parameters, int outputs, astropool_function function)
{
    /* What the model prints must not meet the answers, and what it reads, or a program that it starts, not the points. */
    FILE *in = fdopen(fcntl(0, F_DUPFD_CLOEXEC, 3), "r");
    FILE *out = fdopen(fcntl(1, F_DUPFD_CLOEXEC, 3), "w");
    int nothing = open("/dev/null", O_RDONLY);
    double *point = calloc(parameters, sizeof *point);
    double *result = calloc(outputs, sizeof *result);
    char *line = NULL;
    size_t size = 0;

    dup2(nothing, 0);
    close(nothing);
    dup2(2, 1);
    if (!in || !out || !point || !result)
        return 1;
    fprintf(out, "%s\n", hello);
    fflush(out);
    while (getline(&line, &size, in) > 0) {
        /* {"points": [[0.3, -1.0], ...], ...}: the points come first */
        char *next = strchr(line, '[');
        const char *comma = "";

        if (!next)
            return 1;
        fputs("{\"results\": [", out);
        for (next++; *next == '[' || *next == ',' || *next == ' '; ) {
            char error[ASTROPOOL_ERROR] = "";
            if (*next != '[') {
                next++;
                continue;
            }
            for (int i = 0; i < parameters; i++)
                point[i] = strtod(next + 1, &next);
            next++; /* ] */
            fputs(comma, out);
            comma = ", ";
            if (function(point, result, error)) {
                fprintf(out, "{\"error\": \"%s\"}", error);
                continue;
            }
            for (int i = 0; i < outputs; i++) {
                fputs(i ? ", " : "[", out);
                astropool_print(out, result[i]);
            }
            fputs("]", out);
        }
        fputs("]", out);
        /* with the number of its point an answer cannot be taken for another's, and points are sent ahead */
        if ((next = strstr(next, "\"index\": ")))
            fprintf(out, ", \"index\": %lld", atoll(next + 9));
        fputs("}\n", out);
        fflush(out);
    }
    free(line);
    free(point);
    free(result);
    return 0;
}

#endif
