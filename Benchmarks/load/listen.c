/* Many subscribers over TLS, the same for every server that speaks RESP.
 *
 *   listen --port P --cacert F --user U --password-file F [--connections 500] [--messages 100]
 *          --channel CHANNEL
 *
 * Every connection subscribes; then the program prints `ready` and waits for a line on standard
 * input. It ends once each connection has been sent --messages messages, prints one line of JSON
 * and keeps its connections open until standard input ends. */
#define _GNU_SOURCE
#include "wire.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

typedef struct {
    Target target;
    int connections;
    int64_t messages;
    const char *channel;
} Options;

/* Until every connection has been sent `each` replies more. */
static void take_each(const Options *options, int poll_descriptor, int64_t each) {
    static struct epoll_event events[MAX_CONNECTIONS];
    int busy = options->connections;
    for (int index = 0; index < options->connections; index++) connections[index].waiting = each;
    while (busy > 0) {
        int ready = epoll_wait(poll_descriptor, events, MAX_CONNECTIONS, 60000);
        if (ready == 0) fail("no message within 60 s");
        for (int index = 0; index < ready; index++) {
            Connection *connection = events[index].data.ptr;
            if (connection->waiting == 0) fail("a message too many");
            read_replies(connection);
            if (connection->waiting == 0) busy--;
        }
    }
}

static Options parse(int argc, char **argv) {
    static const struct option names[] = {
        {"port", 1, 0, 't'}, {"cacert", 1, 0, 't'}, {"user", 1, 0, 't'},
        {"password-file", 1, 0, 't'}, {"connections", 1, 0, 'c'}, {"messages", 1, 0, 'm'},
        {"channel", 1, 0, 'n'}, {0, 0, 0, 0}};
    Options options = {.connections = 500, .messages = 100};
    int which;
    for (int choice; (choice = getopt_long(argc, argv, "", names, &which)) != -1;) {
        switch (choice) {
        case 't': take_target_option(&options.target, names[which].name, optarg); break;
        case 'c': options.connections = atoi(optarg); break;
        case 'm': options.messages = atoll(optarg); break;
        case 'n': options.channel = optarg; break;
        default: exit(2);
        }
    }
    require_target(&options.target);
    if (options.connections < 1 || options.connections > MAX_CONNECTIONS || options.messages < 1 ||
        !options.channel)
        fail("--connections 1…%d, --messages 1… and --channel are needed", MAX_CONNECTIONS);
    return options;
}

int main(int argc, char **argv) {
    Options options = parse(argc, argv);
    char request[256];
    int poll_descriptor = open_connections(&options.target, options.connections);
    int length = snprintf(request, sizeof request, "*2\r\n$9\r\nSUBSCRIBE\r\n$%zu\r\n%s\r\n",
                          strlen(options.channel), options.channel);
    for (int index = 0; index < options.connections; index++)
        write_all(&connections[index], request, (size_t)length);
    take_each(&options, poll_descriptor, 1);
    wait_for_start();
    received_bytes = 0;
    uint64_t start = now_nanoseconds();
    take_each(&options, poll_descriptor, options.messages);
    double seconds = (double)(now_nanoseconds() - start) / 1e9;
    int64_t deliveries = options.messages * options.connections;
    printf("{\"requests\":%lld,\"rate\":%.1f,\"bytes\":%.1f}\n", (long long)deliveries,
           (double)deliveries / seconds, (double)received_bytes / (double)deliveries);
    fflush(stdout);
    wait_for_end();
    return 0;
}
