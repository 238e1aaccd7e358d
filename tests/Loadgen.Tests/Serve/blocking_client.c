/* The least client that measures a service time: one blocking connection, a request at each instant
 * of a fixed schedule, the clock read before the send and after the last byte. What loadgen reports
 * above its figures is loadgen's own.
 *
 *   cc -O2 -o blocking_client blocking_client.c
 *   ./blocking_client PORT REQUESTS-A-SECOND REQUESTS [PATH]
 *
 * Prints the requests that count (the first tenth does not), p50 and p99 of the service time, and
 * p50 and p99 of the lateness of the sends, in microseconds. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static char request[4096], answer[65536];

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static long long now_ns(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * 1000000000LL + at.tv_nsec;
}

static void sleep_until(long long ns) {
    struct timespec at = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, 0) == EINTR) { }
}

static int connect_to(int port) {
    int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (void *)&at, sizeof at)) fail("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

/* The bytes of the first whole response in the buffer, 0 if it is not whole. */
static long whole_response(long bytes) {
    answer[bytes] = 0;
    char *end = strstr(answer, "\r\n\r\n");
    if (!end) return 0;
    char *length = strcasestr(answer, "\r\nContent-Length:");
    long body = length && length < end ? atol(length + 17) : 0;
    long all = end + 4 - answer + body;
    return bytes >= all ? all : 0;
}

static void exchange(int fd, size_t request_bytes) {
    if (send(fd, request, request_bytes, MSG_NOSIGNAL) != (ssize_t)request_bytes) fail("send");
    long bytes = 0;
    do {
        ssize_t got = recv(fd, answer + bytes, sizeof answer - 1 - bytes, 0);
        if (got <= 0) fail("recv");
        bytes += got;
    } while (!whole_response(bytes));
    if (strncmp(answer, "HTTP/1.1 200 ", 13)) {
        fprintf(stderr, "not a success: %.40s\n", answer);
        exit(1);
    }
}

static int compare(const void *a, const void *b) {
    long long x = *(const long long *)a, y = *(const long long *)b;
    return (x > y) - (x < y);
}

/* The value that a percentage of the values does not exceed. */
static double percentile_us(long long *sorted, long count, int percent) {
    long rank = (count * percent + 99) / 100;
    return sorted[rank > 0 ? rank - 1 : 0] / 1000.0;
}

int main(int argc, char **argv) {
    long count = argc > 3 ? atol(argv[3]) : 0;
    double rate = argc > 2 ? atof(argv[2]) : 0;
    if (count < 10 || rate <= 0) {
        fprintf(stderr, "blocking_client PORT REQUESTS-A-SECOND REQUESTS [PATH]\n");
        return 2;
    }
    size_t request_bytes = snprintf(request, sizeof request,
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\n\r\n", argc > 4 ? argv[4] : "/", argv[1]);
    long long *service = calloc(count, sizeof *service), *late = calloc(count, sizeof *late);
    int fd = connect_to(atoi(argv[1]));
    prctl(PR_SET_TIMERSLACK, 1);
    long long begin = now_ns() + 1000000;
    for (long i = 0; i < count; i++) {
        long long due = begin + (long long)(i * (1e9 / rate));
        sleep_until(due);
        long long sent = now_ns();
        exchange(fd, request_bytes);
        service[i] = now_ns() - sent;
        late[i] = sent - due;
    }
    long skipped = count / 10;
    count -= skipped;
    qsort(service + skipped, count, sizeof *service, compare);
    qsort(late + skipped, count, sizeof *late, compare);
    printf("requests=%ld service_p50_us=%.1f service_p99_us=%.1f late_p50_us=%.1f "
        "late_p99_us=%.1f\n", count, percentile_us(service + skipped, count, 50),
        percentile_us(service + skipped, count, 99), percentile_us(late + skipped, count, 50),
        percentile_us(late + skipped, count, 99));
    return 0;
}
