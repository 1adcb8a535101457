/* To be preloaded. Makes it certain that a process which is started while another thread changes the environment is
 * seen to be: the start of a process is delayed at random after it has taken the address of the environment, and each
 * change of the environment moves it and spoils the old array, as POSIX allows. In Java processes only. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static char **ours;
static __thread unsigned seed;

static int concerned(void) {
    return strcmp(program_invocation_short_name, "java") == 0;
}


static void wait_up_to(long milliseconds) {
    if (seed == 0) {
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        seed = (unsigned) now.tv_nsec ^ (unsigned) getpid() ^ (unsigned) (size_t) &seed;
    }
    struct timespec time = {0, rand_r(&seed) % (milliseconds * 1000) * 1000L};
    nanosleep(&time, NULL);
}

static void move_environment(void) {
    size_t count = 0;
    while (environ != NULL && environ[count] != NULL) {
        count++;
    }
    char **moved = malloc((count + 1) * sizeof *moved);
    if (moved == NULL) {
        return;
    }
    for (size_t i = 0; i <= count; i++) {
        moved[i] = count == 0 ? NULL : environ[i];
    }
    char **old = environ;
    environ = moved;
    if (old != NULL && old == ours) { /* never freed, so that nothing but its content is wrong */
        for (size_t i = 0; i < count; i++) {
            old[i] = (char *) 1;
        }
    }
    ours = moved;
}

int setenv(const char *name, const char *value, int overwrite) {
    static int (*real)(const char *, const char *, int);
    if (real == NULL) {
        real = (int (*)(const char *, const char *, int)) dlsym(RTLD_NEXT, "setenv");
    }
    if (!concerned()) {
        return real(name, value, overwrite);
    }
    wait_up_to(250);
    int code = real(name, value, overwrite);
    move_environment();
    return code;
}

int putenv(char *text) {
    static int (*real)(char *);
    if (real == NULL) {
        real = (int (*)(char *)) dlsym(RTLD_NEXT, "putenv");
    }
    int code = real(text);
    if (concerned()) {
        move_environment();
    }
    return code;
}

int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *attributes, char *const arguments[], char *const environment[]) {
    static int (*real)(pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *,
                       char *const[], char *const[]);
    if (real == NULL) {
        real = (int (*)(pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *,
                        char *const[], char *const[])) dlsym(RTLD_NEXT, "posix_spawn");
    }
    if (concerned()) {
        wait_up_to(250);
    }
    return real(pid, path, actions, attributes, arguments, environment);
}

int execve(const char *path, char *const arguments[], char *const environment[]) {
    static int (*real)(const char *, char *const[], char *const[]);
    if (real == NULL) {
        real = (int (*)(const char *, char *const[], char *const[])) dlsym(RTLD_NEXT, "execve");
    }
    if (concerned()) {
        wait_up_to(250);
    }
    return real(path, arguments, environment);
}
