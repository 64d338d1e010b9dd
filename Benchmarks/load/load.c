/* A closed-loop load over TLS, the same for every server that speaks RESP.
 *
 *   load --port P --cacert F --user U --password-file F [--connections 50] [--pipeline 1]
 *        [--seconds 5] [--keys 10000] -- COMMAND ARGUMENT… [, COMMAND ARGUMENT…]…
 *
 * Several commands, with a comma by itself between them, are sent in a row and count as many requests.
 * `__rand_int__` in an argument becomes a twelve-digit number from 1 to --keys, a new one each
 * time. Every connection is greeted and authenticated before anything is measured; then the program
 * prints `ready` and waits for a line on standard input, so that what greeting costs a server is in
 * no figure. Each connection sends --pipeline requests, waits for all their answers, and sends
 * again. A batch's latency is from its send to its last answer. One error reply fails the run.
 * Prints one line of JSON, then keeps its connections open until standard input ends. */
#define _GNU_SOURCE
#include "wire.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#define PLACEHOLDER "__rand_int__"
#define DIGITS 12
#define MAX_PIPELINE 256
#define MAX_PLACES (16 * MAX_PIPELINE)

typedef struct {
    Target target;
    int connections, pipeline;
    uint64_t keys;
    double seconds;
} Options;

/* --pipeline requests in a row, encoded once; only the digits change. */
static struct {
    char *bytes;
    size_t length, places[MAX_PLACES], place_count;
    int requests;
} batch;

static void encode(FILE *out, int count, char **arguments) {
    if (count == 0) fail("a command is missing beside a comma");
    fprintf(out, "*%d\r\n", count);
    for (int index = 0; index < count; index++)
        fprintf(out, "$%zu\r\n%s\r\n", strlen(arguments[index]), arguments[index]);
    batch.requests++;
}

static void encode_batch(int count, char **arguments, int pipeline) {
    FILE *out = open_memstream(&batch.bytes, &batch.length);
    for (int repeat = 0; repeat < pipeline; repeat++) {
        int first = 0;
        for (int index = 0; index < count; index++) {
            if (strcmp(arguments[index], ",") != 0) continue;
            encode(out, index - first, arguments + first);
            first = index + 1;
        }
        encode(out, count - first, arguments + first);
    }
    fclose(out);
    for (char *at = batch.bytes; (at = strstr(at, PLACEHOLDER)); at += DIGITS) {
        if (batch.place_count == MAX_PLACES) fail("too many placeholders");
        batch.places[batch.place_count++] = (size_t)(at - batch.bytes);
    }
}

static uint64_t next_random(void) {
    static uint64_t state = 0x9E3779B97F4A7C15u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static void send_batch(Connection *connection, const Options *options) {
    for (size_t place = 0; place < batch.place_count; place++) {
        uint64_t number = next_random() % options->keys + 1;
        char *digits = batch.bytes + batch.places[place];
        for (int digit = DIGITS - 1; digit >= 0; digit--) {
            digits[digit] = (char)('0' + number % 10);
            number /= 10;
        }
    }
    connection->waiting = batch.requests;
    connection->sent_at = now_nanoseconds();
    write_all(connection, batch.bytes, batch.length);
}

/* Until the time is up, then until all have been answered; the number of batches. */
static uint64_t run(const Options *options, int poll_descriptor, double *seconds) {
    static struct epoll_event events[MAX_CONNECTIONS];
    uint64_t start = now_nanoseconds(), now = start, batches = 0;
    uint64_t end = start + (uint64_t)(options->seconds * 1e9);
    int busy = options->connections;
    for (int index = 0; index < options->connections; index++)
        send_batch(&connections[index], options);
    while (busy > 0) {
        int ready = epoll_wait(poll_descriptor, events, MAX_CONNECTIONS, 30000);
        if (ready == 0) fail("no answer within 30 s");
        for (int index = 0; index < ready; index++) {
            Connection *connection = events[index].data.ptr;
            read_replies(connection);
            if (connection->waiting > 0) continue;
            now = now_nanoseconds();
            note_latency(now - connection->sent_at);
            batches++;
            if (now < end)
                send_batch(connection, options);
            else
                busy--;
        }
    }
    *seconds = (double)(now - start) / 1e9;
    return batches;
}

static Options parse(int argc, char **argv) {
    static const struct option names[] = {
        {"port", 1, 0, 't'}, {"cacert", 1, 0, 't'}, {"user", 1, 0, 't'},
        {"password-file", 1, 0, 't'}, {"connections", 1, 0, 'c'}, {"pipeline", 1, 0, 'p'},
        {"seconds", 1, 0, 's'}, {"keys", 1, 0, 'k'}, {0, 0, 0, 0}};
    Options options = {.connections = 50, .pipeline = 1, .keys = 10000, .seconds = 5};
    int which;
    for (int choice; (choice = getopt_long(argc, argv, "+", names, &which)) != -1;) {
        switch (choice) {
        case 't': take_target_option(&options.target, names[which].name, optarg); break;
        case 'c': options.connections = atoi(optarg); break;
        case 'p': options.pipeline = atoi(optarg); break;
        case 's': options.seconds = atof(optarg); break;
        case 'k': options.keys = strtoull(optarg, NULL, 10); break;
        default: exit(2);
        }
    }
    require_target(&options.target);
    if (options.connections < 1 || options.connections > MAX_CONNECTIONS || options.pipeline < 1 ||
        options.pipeline > MAX_PIPELINE || options.keys < 1 || optind == argc)
        fail("--connections 1…%d, --pipeline 1…%d, --keys 1…, and a command are needed",
             MAX_CONNECTIONS, MAX_PIPELINE);
    return options;
}

int main(int argc, char **argv) {
    Options options = parse(argc, argv);
    encode_batch(argc - optind, argv + optind, options.pipeline);
    int poll_descriptor = open_connections(&options.target, options.connections);
    wait_for_start();
    double seconds;
    uint64_t batches = run(&options, poll_descriptor, &seconds);
    uint64_t requests = batches * (uint64_t)batch.requests;
    printf("{\"requests\":%llu,\"rate\":%.1f,\"p50_us\":%u,\"p99_us\":%u}\n",
           (unsigned long long)requests, (double)requests / seconds, latency_percentile(0.50),
           latency_percentile(0.99));
    fflush(stdout);
    wait_for_end();
    return 0;
}
