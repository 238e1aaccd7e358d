/* The floor: a bare epoll server. It parses nothing and answers each blank line with the same bytes,
 * so a server that does its work cannot cost less on the same kernel.
 *
 *   cc -O2 -o floor floor.c     ./floor PORT [BYTES-OF-THE-BODY] */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 512, ANSWER_MAX = 4096, BATCH_MAX = 256 };

static char answer[ANSWER_MAX], in[65536], out[BATCH_MAX * ANSWER_MAX];
static int answer_bytes, poller;

static void make_answer(int body_bytes) {
    answer_bytes = snprintf(answer, sizeof answer,
        "HTTP/1.1 200 OK\r\nServer: floor\r\nDate: Sun, 22 Nov 2026 10:00:00 GMT\r\n"
        "Content-Type: text/plain\r\nContent-Length: %d\r\n\r\n", body_bytes);
    memset(answer + answer_bytes, 'x', body_bytes);
    answer_bytes += body_bytes;
}

static void watch(int fd) {
    struct epoll_event interest = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(poller, EPOLL_CTL_ADD, fd, &interest);
}

static int listen_on(int port) {
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, (void *)&at, sizeof at) || listen(fd, 4096)) {
        perror("floor");
        exit(1);
    }
    return fd;
}

static void accept_all(int listener) {
    int peer, one = 1;
    while ((peer = accept4(listener, 0, 0, SOCK_NONBLOCK)) >= 0) {
        setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        watch(peer);
    }
}

/* A request that comes in two pieces, or an answer that the kernel takes only a part of, would be
 * lost: on loopback, with requests and answers this small, neither happens. */
static void serve(int fd) {
    ssize_t got = recv(fd, in, sizeof in, 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
        close(fd);
        return;
    }
    int bytes = 0, requests = 0;
    for (char *at = in; requests < BATCH_MAX; requests++, at += 4) {
        at = memmem(at, in + got - at, "\r\n\r\n", 4);
        if (!at) break;
        memcpy(out + bytes, answer, answer_bytes);
        bytes += answer_bytes;
    }
    if (bytes) send(fd, out, bytes, MSG_NOSIGNAL);
}

int main(int argc, char **argv) {
    int body_bytes = argc > 2 ? atoi(argv[2]) : 13;
    if (argc < 2 || body_bytes < 0 || body_bytes > 2048) {
        fprintf(stderr, "floor PORT [BYTES, at most 2048]\n");
        return 2;
    }
    make_answer(body_bytes);
    poller = epoll_create1(0);
    int listener = listen_on(atoi(argv[1]));
    watch(listener);
    for (;;) {
        struct epoll_event events[EVENTS];
        int ready = epoll_wait(poller, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.fd == listener) accept_all(listener);
            else serve(events[i].data.fd);
        }
    }
}
