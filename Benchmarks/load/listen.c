/* Many subscribers over TLS and one who publishes, the same for every server that speaks RESP.
 *
 *   listen --port P --cacert F --user U --password-file F --channel CHANNEL --publisher U
 *          [--connections 500] [--people N] [--messages 100] [--gap MICROSECONDS] [--paced]
 *          [--silent 0] [--returns] -- LINE
 *
 * Every connection subscribes; with --people, connection n as U followed by a number from 1 to N.
 * --silent of them more read nothing from then on. Then the program prints `ready` and waits for a
 * line on standard input. LINE, an inline command that leads to one message for each, is sent
 * --messages times: as soon as the one before is answered; with --paced once everybody has heard
 * it too; with --gap that far apart. A latency is from a sending to a message that it led to.
 * With --returns the silent ones then see how they were cut off, and subscribe again, each counting
 * the messages that it is sent. Prints one line of JSON and keeps its connections open until standard
 * input ends. */
#define _GNU_SOURCE
#include "wire.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

#define MAX_MESSAGES 100000
#define SILENT_BUFFER_BYTES 4096
#define GIVE_UP_SECONDS 60

typedef struct {
    Target target;
    int connections, silent;
    int64_t messages, gap_micros;
    const char *channel, *publisher, *line;
    bool paced, returns;
} Options;

static uint64_t sent_at[MAX_MESSAGES];
static Connection publisher;

static void subscribe(Connection *connection, const char *channel) {
    char request[256];
    int length = snprintf(request, sizeof request, "*2\r\n$9\r\nSUBSCRIBE\r\n$%zu\r\n%s\r\n",
                          strlen(channel), channel);
    write_all(connection, request, (size_t)length);
    connection->waiting = 1;
}

/* -- those who listen ------------------------------------------------------------------------- */

static void confirm_subscriptions(const Options *options, int poll_descriptor) {
    static struct epoll_event events[MAX_CONNECTIONS];
    for (int index = 0; index < options->connections; index++)
        subscribe(&connections[index], options->channel);
    for (int busy = options->connections; busy > 0;) {
        int ready = epoll_wait(poll_descriptor, events, MAX_CONNECTIONS, 1000 * GIVE_UP_SECONDS);
        if (ready == 0) fail("a subscription was not confirmed");
        for (int index = 0; index < ready; index++) {
            Connection *connection = events[index].data.ptr;
            read_replies(connection);
            if (connection->waiting == 0) busy--;
        }
    }
}

/* -- those who do not ------------------------------------------------------------------------- */

static Connection *silence(const Options *options) {
    Connection *silent = calloc((size_t)options->silent + 1, sizeof *silent);
    for (int index = 0; index < options->silent; index++) {
        open_one(&options->target, &silent[index], SILENT_BUFFER_BYTES);
        subscribe(&silent[index], options->channel);
        while (silent[index].waiting > 0) read_replies(&silent[index]);
    }
    return silent;
}

/* How many messages the connection gets before it ends, or before it has had `most`. */
static int64_t count_messages(Connection *connection, int64_t most) {
    struct timeval patience = {.tv_sec = GIVE_UP_SECONDS};
    setsockopt(connection->descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    int64_t before = connection->waiting = most;
    while (connection->waiting > 0 && read_some(connection)) {
    }
    return before - connection->waiting;
}

/* How many were cut off, and the fewest messages that one of them is sent on returning. */
static void come_back(const Options *options, Connection *silent, int *cut, int64_t *fewest) {
    *cut = 0;
    *fewest = options->silent ? INT64_MAX : 0;
    for (int index = 0; index < options->silent; index++) {
        if (count_messages(&silent[index], options->messages) < options->messages) ++*cut;
        close_one(&silent[index]);
        open_one(&options->target, &silent[index], 0);
        subscribe(&silent[index], options->channel);
        while (silent[index].waiting > 0) read_replies(&silent[index]);
        int64_t heard = count_messages(&silent[index], options->messages);
        if (heard < *fewest) *fewest = heard;
    }
}

/* -- the one who publishes -------------------------------------------------------------------- */

typedef struct {
    int64_t sent, answered, deliveries;
    uint64_t start;
} Progress;

static bool may_send(const Options *options, const Progress *progress) {
    if (progress->sent == options->messages) return false;
    if (options->gap_micros)
        return now_nanoseconds() - progress->start >=
               (uint64_t)(progress->sent * options->gap_micros) * 1000;
    if (progress->answered < progress->sent) return false;
    return !options->paced || progress->deliveries == progress->sent * options->connections;
}

static void send_line(const Options *options, Progress *progress) {
    sent_at[progress->sent++] = now_nanoseconds();
    publisher.waiting++;
    write_all(&publisher, options->line, strlen(options->line));
}

/* Milliseconds that nothing is to be sent for. */
static int rest(const Options *options, const Progress *progress) {
    if (!options->gap_micros || progress->sent == options->messages)
        return 1000 * GIVE_UP_SECONDS;
    int64_t due = progress->sent * options->gap_micros * 1000;
    int64_t left = due - (int64_t)(now_nanoseconds() - progress->start);
    return left > 0 ? (int)(left / 1000000) : 0;
}

static double publish(const Options *options, int poll_descriptor) {
    static struct epoll_event events[MAX_CONNECTIONS];
    int64_t all = options->messages * options->connections;
    Progress progress = {.start = now_nanoseconds()};
    for (int index = 0; index < options->connections; index++)
        connections[index].waiting = options->messages;
    while (progress.deliveries < all || progress.answered < options->messages) {
        if (may_send(options, &progress)) send_line(options, &progress);
        int ready =
            epoll_wait(poll_descriptor, events, MAX_CONNECTIONS, rest(options, &progress));
        if (ready == 0 && !options->gap_micros) fail("no message within %d s", GIVE_UP_SECONDS);
        for (int index = 0; index < ready; index++) {
            Connection *connection = events[index].data.ptr;
            int64_t before = connection->waiting;
            read_replies(connection);
            int64_t heard = before - connection->waiting;
            if (connection == &publisher) {
                progress.answered += heard;
                continue;
            }
            uint64_t now = now_nanoseconds();
            for (int64_t number = options->messages - before; heard > 0; heard--, number++) {
                note_latency(now - sent_at[number]);
                progress.deliveries++;
            }
        }
    }
    return (double)(now_nanoseconds() - progress.start) / 1e9;
}

static Options parse(int argc, char **argv) {
    static const struct option names[] = {
        {"port", 1, 0, 't'}, {"cacert", 1, 0, 't'}, {"user", 1, 0, 't'},
        {"password-file", 1, 0, 't'}, {"connections", 1, 0, 'c'}, {"messages", 1, 0, 'm'},
        {"channel", 1, 0, 'n'}, {"publisher", 1, 0, 'u'}, {"people", 1, 0, 'e'},
        {"gap", 1, 0, 'g'}, {"silent", 1, 0, 's'}, {"paced", 0, 0, 'p'},
        {"returns", 0, 0, 'r'}, {0, 0, 0, 0}};
    Options options = {.connections = 500, .messages = 100};
    int which;
    for (int choice; (choice = getopt_long(argc, argv, "+", names, &which)) != -1;) {
        switch (choice) {
        case 't': take_target_option(&options.target, names[which].name, optarg); break;
        case 'c': options.connections = atoi(optarg); break;
        case 'm': options.messages = atoll(optarg); break;
        case 'n': options.channel = optarg; break;
        case 'u': options.publisher = optarg; break;
        case 'e': options.target.people = atoi(optarg); break;
        case 'g': options.gap_micros = atoll(optarg); break;
        case 's': options.silent = atoi(optarg); break;
        case 'p': options.paced = true; break;
        case 'r': options.returns = true; break;
        default: exit(2);
        }
    }
    require_target(&options.target);
    if (options.connections < 1 || options.connections > MAX_CONNECTIONS || options.messages < 1 ||
        options.messages > MAX_MESSAGES || !options.channel || !options.publisher ||
        optind != argc - 1)
        fail("--connections 1…%d, --messages 1…%d, --channel, --publisher and a line are needed",
             MAX_CONNECTIONS, MAX_MESSAGES);
    char *line;
    if (asprintf(&line, "%s\r\n", argv[optind]) < 0) fail("no memory");
    options.line = line;
    return options;
}

int main(int argc, char **argv) {
    Options options = parse(argc, argv);
    int poll_descriptor = open_connections(&options.target, options.connections);
    confirm_subscriptions(&options, poll_descriptor);
    Connection *silent = silence(&options);
    Target one = options.target;
    one.user = options.publisher;
    one.people = 0;
    open_one(&one, &publisher, 0);
    poll_also(poll_descriptor, &publisher);
    wait_for_start();
    received_bytes = 0;
    double seconds = publish(&options, poll_descriptor);
    int64_t deliveries = options.messages * options.connections;
    printf("{\"requests\":%lld,\"rate\":%.1f,\"bytes\":%.1f,\"p50_us\":%u,\"p99_us\":%u}\n",
           (long long)deliveries, (double)deliveries / seconds,
           (double)received_bytes / (double)deliveries, latency_percentile(0.50),
           latency_percentile(0.99));
    fflush(stdout);
    if (options.returns) {
        int cut;
        int64_t fewest;
        come_back(&options, silent, &cut, &fewest);
        printf("{\"cut\":%d,\"replayed\":%lld}\n", cut, (long long)fewest);
        fflush(stdout);
    }
    wait_for_end();
    return 0;
}
