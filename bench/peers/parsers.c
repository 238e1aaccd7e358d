/* What a request head costs picohttpparser (as h2o carries it) and llhttp (as node carries it).
 *
 *   cc -O3 -march=native -I/usr/share/include/llhttp -o parsers parsers.c /usr/share/llhttp/[a-z]*.c -ldl
 *   ./parsers FILE...     each file holds one head; prints parser, file and nanoseconds, by tabs */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <time.h>

#include "llhttp.h"

enum { HEAD_MAX = 65536, FIELDS_MAX = 100, BATCHES = 200, BATCH = 1000 };

struct field { const char *name; size_t name_bytes; const char *value; size_t value_bytes; };

typedef int parse_request(const char *, size_t, const char **, size_t *, const char **, size_t *,
                          int *, struct field *, size_t *, size_t);

static parse_request *pico;
static llhttp_settings_t settings;
static char head[HEAD_MAX];
static size_t head_bytes;

static int parse_pico(void) {
    struct field fields[FIELDS_MAX];
    const char *method, *target;
    size_t method_bytes, target_bytes, count = FIELDS_MAX;
    int minor;
    return pico(head, head_bytes, &method, &method_bytes, &target, &target_bytes, &minor, fields,
                &count, 0) == (int)head_bytes;
}

static int parse_llhttp(void) {
    llhttp_t parser;
    llhttp_init(&parser, HTTP_REQUEST, &settings);
    return llhttp_execute(&parser, head, head_bytes) == HPE_OK;
}

static double nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e9 + now.tv_nsec;
}

/* The lowest of many short batches: what disturbs can only add. */
static int measure(const char *name, const char *file, int (*parse)(void)) {
    double lowest = 1e18;
    for (int batch = 0; batch < BATCHES; batch++) {
        double start = nanoseconds();
        for (int i = 0; i < BATCH; i++)
            if (!parse()) {
                fprintf(stderr, "%s refuses %s\n", name, file);
                return 1;
            }
        double each = (nanoseconds() - start) / BATCH;
        if (each < lowest) lowest = each;
    }
    printf("%s\t%s\t%.1f\n", name, file, lowest);
    return 0;
}

int main(int count, char **files) {
    void *library = dlopen("libh2o.so.0.13", RTLD_NOW | RTLD_LOCAL);
    pico = library ? (parse_request *)dlsym(library, "phr_parse_request") : NULL;
    llhttp_settings_init(&settings);
    if (!pico) fprintf(stderr, "picohttpparser is left out: %s\n", dlerror());
    for (int i = 1; i < count; i++) {
        FILE *file = fopen(files[i], "rb");
        if (!file) return perror(files[i]), 1;
        head_bytes = fread(head, 1, HEAD_MAX, file);
        fclose(file);
        if (pico && measure("picohttpparser", files[i], parse_pico)) return 1;
        if (measure("llhttp", files[i], parse_llhttp)) return 1;
    }
    return 0;
}
