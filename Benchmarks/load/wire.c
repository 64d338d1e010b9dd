#define _GNU_SOURCE
#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* One cipher for all servers: which one they would choose by themselves is not the question. */
#define CIPHER "TLS_AES_128_GCM_SHA256"

Connection connections[MAX_CONNECTIONS];
uint64_t received_bytes;

void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

uint64_t now_nanoseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* -- latencies -------------------------------------------------------------------------------- */

#define LATENCY_BUCKETS 2000000 /* one a microsecond; the last one takes all beyond */

static uint32_t latencies[LATENCY_BUCKETS];
static uint64_t latency_count;

void note_latency(uint64_t nanoseconds) {
    uint64_t micros = nanoseconds / 1000;
    latencies[micros < LATENCY_BUCKETS ? micros : LATENCY_BUCKETS - 1]++;
    latency_count++;
}

unsigned latency_percentile(double share) {
    uint64_t seen = 0, wanted = (uint64_t)((double)latency_count * share);
    unsigned bucket = 0;
    while (bucket < LATENCY_BUCKETS - 1 && (seen += latencies[bucket]) <= wanted) bucket++;
    return bucket;
}

/* -- where to, and who ------------------------------------------------------------------------ */

bool take_target_option(Target *target, const char *name, const char *value) {
    if (strcmp(name, "port") == 0) target->port = atoi(value);
    else if (strcmp(name, "cacert") == 0) target->ca = value;
    else if (strcmp(name, "user") == 0) target->user = value;
    else if (strcmp(name, "password-file") == 0) target->password_file = value;
    else return false;
    return true;
}

void require_target(const Target *target) {
    if (!target->port || !target->ca || !target->user || !target->password_file)
        fail("--port, --cacert, --user and --password-file are needed");
}

static void read_password(const Target *target, char *password, int size) {
    FILE *file = fopen(target->password_file, "r");
    if (!file || !fgets(password, size, file)) fail("no password in %s", target->password_file);
    password[strcspn(password, "\r\n")] = 0;
    fclose(file);
}

/* -- connections ------------------------------------------------------------------------------ */

static SSL_CTX *new_context(const Target *target) {
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    SSL_CTX_set_ciphersuites(context, CIPHER);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    if (SSL_CTX_load_verify_locations(context, target->ca, NULL) != 1)
        fail("no certificate in %s", target->ca);
    return context;
}

static void open_connection(
    Connection *connection, SSL_CTX *context, int port, int receive_buffer_bytes) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    if (receive_buffer_bytes)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes,
                   sizeof receive_buffer_bytes);
    if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address))
        fail("connect to port %d: %s", port, strerror(errno));
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    *connection = (Connection){.descriptor = descriptor, .tls = SSL_new(context)};
    SSL_set_tlsext_host_name(connection->tls, "localhost");
    SSL_set1_host(connection->tls, "localhost");
    SSL_set_fd(connection->tls, descriptor);
    if (SSL_connect(connection->tls) != 1) {
        ERR_print_errors_fp(stderr);
        fail("the TLS handshake failed");
    }
}

static void greet(const Target *target, Connection *connection, int number) {
    char password[128] = "", user[80], request[512];
    read_password(target, password, sizeof password);
    if (target->people > 0)
        snprintf(user, sizeof user, "%s%d", target->user, number % target->people + 1);
    else
        snprintf(user, sizeof user, "%s", target->user);
    int length = snprintf(request, sizeof request,
                          "*3\r\n$4\r\nAUTH\r\n$%zu\r\n%s\r\n$%zu\r\n%s\r\n", strlen(user),
                          user, strlen(password), password);
    write_all(connection, request, (size_t)length);
}

static void take_greeting(Connection *connection) {
    char answer[64];
    int got = SSL_read(connection->tls, answer, sizeof answer);
    if (got <= 0 || memcmp(answer, "+OK", 3) != 0) fail("AUTH was refused");
}

int open_connections(const Target *target, int count) {
    SSL_CTX *context = new_context(target);
    for (int index = 0; index < count; index++) {
        open_connection(&connections[index], context, target->port, 0);
        greet(target, &connections[index], index);
        /* No more logins at a time than any server lets wait. */
        if (index >= 100) take_greeting(&connections[index - 100]);
    }
    int poll_descriptor = epoll_create1(EPOLL_CLOEXEC);
    for (int index = 0; index < count; index++) {
        Connection *connection = &connections[index];
        if (index + 100 >= count) take_greeting(connection);
        poll_also(poll_descriptor, connection);
    }
    return poll_descriptor;
}

void poll_also(int poll_descriptor, Connection *connection) {
    fcntl(connection->descriptor, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    epoll_ctl(poll_descriptor, EPOLL_CTL_ADD, connection->descriptor, &event);
}

void open_one(const Target *target, Connection *connection, int receive_buffer_bytes) {
    SSL_CTX *context = new_context(target);
    open_connection(connection, context, target->port, receive_buffer_bytes);
    SSL_CTX_free(context);
    greet(target, connection, 0);
    take_greeting(connection);
}

void close_one(Connection *connection) {
    SSL_free(connection->tls);
    close(connection->descriptor);
}

void write_all(Connection *connection, const char *bytes, size_t length) {
    while (length > 0) {
        int written = SSL_write(connection->tls, bytes, (int)length);
        if (written > 0) {
            bytes += written;
            length -= (size_t)written;
            continue;
        }
        int error = SSL_get_error(connection->tls, written);
        if (error != SSL_ERROR_WANT_WRITE && error != SSL_ERROR_WANT_READ)
            fail("the server closed a connection");
    }
}

/* -- counting whole replies ------------------------------------------------------------------- */

/* What a complete header line says is still to come of the reply. */
static void take_header(Replies *replies) {
    int64_t count = strtoll(replies->line + 1, NULL, 10);
    if (replies->values == 0) replies->values = 1;
    replies->values--;
    switch (replies->line[0]) {
    case '$': case '=':
        if (count >= 0) replies->skip = count + 2;
        break;
    case '*': case '~': case '>':
        if (count > 0) replies->values += count;
        break;
    case '%': replies->values += 2 * count; break;
    case '-': fail("error reply: %s", replies->line);
    default: break; /* a whole value */
    }
}

/* The number of replies that end within these bytes. */
static int64_t count_replies(Replies *replies, const char *bytes, size_t length) {
    int64_t complete = 0;
    for (size_t at = 0; at < length;) {
        if (replies->skip > 0) {
            size_t rest = length - at;
            size_t step = (size_t)replies->skip < rest ? (size_t)replies->skip : rest;
            replies->skip -= (int64_t)step;
            at += step;
        } else {
            char byte = bytes[at++];
            if (byte != '\n') {
                if (replies->line_length < sizeof replies->line - 1)
                    replies->line[replies->line_length++] = byte;
                continue;
            }
            replies->line[replies->line_length] = 0;
            replies->line_length = 0;
            take_header(replies);
        }
        if (replies->values == 0 && replies->skip == 0) complete++;
    }
    return complete;
}

bool read_some(Connection *connection) {
    static char bytes[65536];
    int got = SSL_read(connection->tls, bytes, sizeof bytes);
    if (got <= 0) return false;
    received_bytes += (uint64_t)got;
    connection->waiting -= count_replies(&connection->replies, bytes, (size_t)got);
    if (connection->waiting < 0) fail("more replies than expected");
    return true;
}

void read_replies(Connection *connection) {
    while (connection->waiting > 0) {
        if (read_some(connection)) continue;
        if (SSL_get_error(connection->tls, 0) == SSL_ERROR_WANT_READ) return;
        fail("the server closed a connection");
    }
}

/* -- the one who measures --------------------------------------------------------------------- */

void wait_for_start(void) {
    char line[16];
    puts("ready");
    fflush(stdout);
    if (!fgets(line, sizeof line, stdin)) exit(1);
}

void wait_for_end(void) {
    char line[16];
    while (fgets(line, sizeof line, stdin)) {
    }
}
