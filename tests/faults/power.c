/* A disk that keeps only what was synced. Loaded before the C library, it lets every write through to the
 * file, and copies what fsync or fdatasync asks for to a second file, the platter. A power cut is then: kill
 * the process, and put the platter in the place of the file.
 *
 * POWER_FILES   the path of the database; what begins with it is watched, but for the shared memory
 * POWER_PLATTER the folder of the platters
 *
 * For one process, and for a program that writes as SQLite does: pwrite, write, ftruncate, unlink.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES (1 << 18) /* of one file: a gigabyte */
#define FILES 8
#define DESCRIPTORS 4096

struct file {
    char path[1024];
    uint8_t dirty[PAGES];
    int is_new; /* since its name was given up: nothing of the old one stays */
};

static struct file *files[FILES];
static struct file *behind[DESCRIPTORS];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) (*(__typeof__(&name))next(#name))

static void *next(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) abort();
    return found;
}

static struct file *watched(const char *path) {
    const char *prefix = getenv("POWER_FILES");
    size_t length = strlen(path);
    if (!prefix || strncmp(path, prefix, strlen(prefix)) || length >= sizeof files[0]->path) return NULL;
    if (length > 4 && !strcmp(path + length - 4, "-shm")) return NULL;
    for (int n = 0; n < FILES; n++) {
        if (files[n] && !strcmp(files[n]->path, path)) return files[n];
        if (files[n]) continue;
        files[n] = calloc(1, sizeof **files);
        if (!files[n]) abort();
        strcpy(files[n]->path, path);
        return files[n];
    }
    abort();
}

static struct file *of(int descriptor) {
    return descriptor >= 0 && descriptor < DESCRIPTORS ? behind[descriptor] : NULL;
}

static int opened(int descriptor, const char *path) {
    if (descriptor < 0) return descriptor;
    pthread_mutex_lock(&mutex);
    struct file *file = watched(path);
    if (descriptor < DESCRIPTORS) behind[descriptor] = file;
    else if (file) abort();
    pthread_mutex_unlock(&mutex);
    return descriptor;
}

#define OPEN(name)                                        \
    int name(const char *path, int flags, ...) {          \
        va_list rest;                                     \
        va_start(rest, flags);                            \
        mode_t mode = va_arg(rest, mode_t);               \
        va_end(rest);                                     \
        return opened(REAL(name)(path, flags, mode), path); \
    }
OPEN(open)
OPEN(open64)

int close(int descriptor) {
    if (of(descriptor)) behind[descriptor] = NULL;
    return REAL(close)(descriptor);
}

static void soil(int descriptor, off_t from, ssize_t length) {
    struct file *file = of(descriptor);
    if (!file || length <= 0) return;
    if ((from + length) / PAGE >= PAGES) abort();
    pthread_mutex_lock(&mutex);
    for (off_t page = from / PAGE; page <= (from + length - 1) / PAGE; page++) file->dirty[page] = 1;
    pthread_mutex_unlock(&mutex);
}

#define PWRITE(name, offset)                                                     \
    ssize_t name(int descriptor, const void *data, size_t length, offset from) { \
        ssize_t done = REAL(name)(descriptor, data, length, from);               \
        soil(descriptor, from, done);                                            \
        return done;                                                             \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t write(int descriptor, const void *data, size_t length) {
    off_t from = of(descriptor) ? lseek(descriptor, 0, SEEK_CUR) : 0;
    ssize_t done = REAL(write)(descriptor, data, length);
    soil(descriptor, from, done);
    return done;
}

int unlink(const char *path) {
    pthread_mutex_lock(&mutex);
    struct file *file = watched(path);
    if (file) {
        memset(file->dirty, 0, sizeof file->dirty);
        file->is_new = 1;
    }
    pthread_mutex_unlock(&mutex);
    return REAL(unlink)(path);
}

/* What is dirty now reaches the platter; so does the length. */
static void keep(int descriptor, struct file *file) {
    char path[2048], data[PAGE];
    struct stat shape;
    const char *name = strrchr(file->path, '/');
    snprintf(path, sizeof path, "%s%s", getenv("POWER_PLATTER"), name);
    int platter = REAL(open)(path, O_RDWR | O_CREAT | (file->is_new ? O_TRUNC : 0), 0600);
    if (platter < 0 || fstat(descriptor, &shape)) abort();
    file->is_new = 0;
    for (off_t page = 0; page * PAGE < shape.st_size; page++) {
        if (!file->dirty[page]) continue;
        file->dirty[page] = 0;
        ssize_t got = pread(descriptor, data, PAGE, page * PAGE);
        if (got < 0 || REAL(pwrite)(platter, data, (size_t)got, page * PAGE) != got) abort();
    }
    if (ftruncate(platter, shape.st_size)) abort();
    REAL(close)(platter);
}

#define SYNC(name)                             \
    int name(int descriptor) {                 \
        pthread_mutex_lock(&mutex);            \
        struct file *file = of(descriptor);    \
        if (file) keep(descriptor, file);      \
        pthread_mutex_unlock(&mutex);          \
        return file ? 0 : REAL(name)(descriptor); \
    }
SYNC(fsync)
SYNC(fdatasync)
