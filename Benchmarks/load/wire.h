/* What both load programs are made of: TLS connections to a RESP server on loopback, greeted and
 * authenticated, and the counting of whole replies without keeping them. */
#ifndef WIRE_H
#define WIRE_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stdint.h>

#define MAX_CONNECTIONS 10000

typedef struct {
    int port;
    const char *ca, *user, *password_file;
    int people; /* above 0: connection n speaks for `user` followed by n % people + 1 */
} Target;

typedef struct {
    int64_t values; /* still missing from the reply that has begun; 0 between replies */
    int64_t skip;   /* bytes of a bulk string, its CRLF included, still to come */
    char line[96];  /* the beginning of a header line, which a read may have cut in two */
    size_t line_length;
} Replies;

typedef struct {
    int descriptor;
    SSL *tls;
    Replies replies;
    int64_t waiting; /* replies still to come */
    uint64_t sent_at;
} Connection;

extern Connection connections[MAX_CONNECTIONS];
extern uint64_t received_bytes; /* by read_replies, over all connections */

_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
uint64_t now_nanoseconds(void);

/* Reads --port, --cacert, --user and --password-file; false for another option. */
bool take_target_option(Target *target, const char *name, const char *value);
void require_target(const Target *target);

/* Opens, greets and authenticates `count` connections, registers them with a new epoll descriptor
 * and returns that. From then on they do not block. */
int open_connections(const Target *target, int count);
/* Opens, greets and authenticates one that blocks; with a small buffer for what it receives, if any. */
void open_one(const Target *target, Connection *connection, int receive_buffer_bytes);
void close_one(Connection *connection);
/* From then on it does not block. */
void poll_also(int poll_descriptor, Connection *connection);
void write_all(Connection *connection, const char *bytes, size_t length);

/* Takes what one reading brings off `waiting`; false where there is nothing, or an end. */
bool read_some(Connection *connection);
/* Takes everything that has come off `waiting`. An error reply, or one too many, ends the program. */
void read_replies(Connection *connection);

/* Counts one latency, to the microsecond and up to two seconds. */
void note_latency(uint64_t nanoseconds);
/* In microseconds. */
unsigned latency_percentile(double share);

/* Prints `ready`, and returns when a line comes on standard input. */
void wait_for_start(void);
/* Keeps the connections open until standard input ends. */
void wait_for_end(void);

#endif
