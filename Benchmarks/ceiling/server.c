/* The whole server: gather what has come, decide, commit, answer. With two threads the next requests gather while the
 * last ones are committed. */
#include "wire.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
  CONNECTIONS_MAX = 10000, GATHERED_MAX = 16384, EVENTS_MAX = 512,
  INPUT_BYTES = REQUEST_BYTES_MAX + 65536, OUTPUT_BYTES_MAX = 64 << 20,
};
enum token { LISTENER = CONNECTIONS_MAX, SIGNALS, COMMITTED };

struct connection {
  int descriptor; /* -1: free */
  uint32_t serial; /* raised by each close, so that no reply goes to the next one */
  enum { PREFACE, GREETING, OPENED } phase;
  bool is_blocked, is_touched, has_more, closes;
  uint8_t *input, *output;
  size_t input_count, output_start, output_count, output_room;
  struct origin *origin;
  char source[INET_ADDRSTRLEN];
};

struct gather {
  struct request *requests;
  uint32_t count;
  int64_t committed_seq;
  struct arena arena;
};

static struct connection connections[CONNECTIONS_MAX];
static uint32_t touched[CONNECTIONS_MAX];
static uint32_t touched_count;
static bool some_have_more;
static struct origin *origins[ORIGINS_MAX];
static size_t origin_count;
static struct ledger ledger;
static int poller;

/* ---- the thread that commits ---- */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;
static struct gather *to_commit; /* under the mutex */
static bool is_ending;           /* under the mutex */
static int committed;            /* an eventfd: the gather that was handed over is done */

#define MUST(call) \
  do { \
    if ((call) != 0) die(71, "%s: %s", #call, strerror(errno)); \
  } while (0)

static void *commit_loop(void *unused) {
  (void)unused;
  for (;;) {
    MUST(pthread_mutex_lock(&mutex));
    while (!to_commit && !is_ending) MUST(pthread_cond_wait(&work, &mutex));
    struct gather *gather = to_commit;
    to_commit = NULL;
    MUST(pthread_mutex_unlock(&mutex));
    if (!gather) return NULL;
    gather->committed_seq = ledger_perform(&ledger, gather->requests, gather->count, &gather->arena);
    uint64_t one = 1;
    if (write(committed, &one, sizeof one) != sizeof one) die(71, "eventfd: %s", strerror(errno));
    ledger_maintain(&ledger);
  }
}

static void hand_over(struct gather *gather) {
  MUST(pthread_mutex_lock(&mutex));
  to_commit = gather;
  MUST(pthread_cond_signal(&work));
  MUST(pthread_mutex_unlock(&mutex));
}

/* ---- connections ---- */

static void watch(int operation, int descriptor, uint32_t events, uint32_t token) {
  struct epoll_event event = {.events = events, .data.u32 = token};
  MUST(epoll_ctl(poller, operation, descriptor, &event));
}

static void close_connection(struct connection *connection) {
  close(connection->descriptor);
  connection->descriptor = -1;
  connection->serial++;
  free(connection->input);
  free(connection->output);
  connection->input = connection->output = NULL;
}

static void accept_connection(int listener) {
  struct sockaddr_in address;
  socklen_t length = sizeof address;
  int descriptor = accept4(listener, (struct sockaddr *)&address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (descriptor < 0) {
    if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED) return;
    die(71, "accept: %s", strerror(errno));
  }
  uint32_t token = 0;
  while (token < CONNECTIONS_MAX && connections[token].descriptor >= 0) token++;
  if (token == CONNECTIONS_MAX) {
    close(descriptor);
    return;
  }
  int one = 1;
  MUST(setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one));
  struct connection *connection = &connections[token];
  *connection = (struct connection){.descriptor = descriptor, .serial = connection->serial + 1};
  connection->input = malloc(INPUT_BYTES);
  if (!connection->input) die(71, "out of memory");
  if (!inet_ntop(AF_INET, &address.sin_addr, connection->source, sizeof connection->source)) die(71, "inet_ntop");
  watch(EPOLL_CTL_ADD, descriptor, EPOLLIN, token);
}

static uint8_t *room_for_reply(struct connection *connection) {
  size_t needed = connection->output_count + REPLY_BYTES_MAX;
  if (needed > connection->output_room) {
    connection->output_room = needed * 2;
    connection->output = realloc(connection->output, connection->output_room);
    if (!connection->output) die(71, "out of memory");
  }
  if (!connection->is_touched) {
    connection->is_touched = true;
    touched[touched_count++] = (uint32_t)(connection - connections);
  }
  return connection->output + connection->output_count;
}

/** One `send` for all that a round has for a connection. */
static void flush(struct connection *connection) {
  size_t left = connection->output_count - connection->output_start;
  ssize_t sent = left ? send(connection->descriptor, connection->output + connection->output_start, left, MSG_NOSIGNAL) : 0;
  if (sent < 0 && errno != EAGAIN && errno != EINTR) return close_connection(connection);
  if (sent > 0) connection->output_start += (size_t)sent;
  bool is_blocked = connection->output_start < connection->output_count;
  if (!is_blocked) connection->output_start = connection->output_count = 0;
  if ((connection->closes && !is_blocked) || connection->output_count > OUTPUT_BYTES_MAX)
    return close_connection(connection);
  if (is_blocked == connection->is_blocked) return;
  connection->is_blocked = is_blocked;
  watch(EPOLL_CTL_MOD, connection->descriptor, EPOLLIN | (is_blocked ? EPOLLOUT : 0), (uint32_t)(connection - connections));
}

static void flush_touched(void) {
  for (uint32_t index = 0; index < touched_count; index++) {
    struct connection *connection = &connections[touched[index]];
    connection->is_touched = false;
    if (connection->descriptor >= 0) flush(connection);
  }
  touched_count = 0;
}

static struct origin *origin_of(const char *source, struct bytes client_name) {
  for (size_t index = 0; index < origin_count; index++) {
    struct origin *origin = origins[index];
    if (origin->client_name.n == client_name.n && !memcmp(origin->client_name.at, client_name.at, client_name.n) &&
        origin->source.n == strlen(source) && !memcmp(origin->source.at, source, origin->source.n))
      return origin;
  }
  if (origin_count == ORIGINS_MAX) die(71, "there are too many origins");
  struct origin *origin = origins[origin_count++] = allocated(1, sizeof *origin);
  char *copy = strdup(source);
  if (!copy) die(71, "out of memory");
  *origin = (struct origin){
      .actor = BYTES("local"), .source = {(uint8_t *)copy, strlen(copy)}, .client_name = client_name};
  return origin;
}

/* ---- what comes in ---- */

static void fail(struct connection *connection, const char *rule) {
  connection->output_count += connection_error_write(rule, room_for_reply(connection));
  connection->closes = true;
}

static void take_frame(struct connection *connection, const struct frame *frame, struct gather *gather) {
  if (connection->phase == GREETING) {
    if (frame->type != HELLO) return fail(connection, "the first frame must be HELLO");
    struct bytes name = hello_read(frame, &gather->arena);
    if (!name.n) return fail(connection, "HELLO");
    connection->origin = origin_of(connection->source, name);
    connection->phase = OPENED;
    connection->output_count += hello_ack_write(room_for_reply(connection));
  } else if (frame->type == REQUEST && frame->id) {
    struct request *request = &gather->requests[gather->count++];
    memset(request, 0, sizeof *request);
    request->connection = (uint32_t)(connection - connections);
    request->serial = connection->serial;
    request->row.origin = connection->origin;
    request_read(request, frame, &gather->arena);
  } else if (frame->type == PING && frame->payload.n == 8) {
    connection->output_count += pong_write(frame, room_for_reply(connection));
  } else if (frame->type != PONG && frame->type != CANCEL) {
    fail(connection, "a frame that may not come here");
  }
}

/** Takes whole frames until the gather is full. */
static void take_input(struct connection *connection, struct gather *gather) {
  size_t start = 0;
  connection->has_more = false;
  if (connection->phase == PREFACE && connection->input_count >= PREFACE_BYTES) {
    if (memcmp(connection->input, preface, PREFACE_BYTES) != 0) return fail(connection, "the preface");
    connection->phase = GREETING;
    start = PREFACE_BYTES;
  }
  while (connection->phase != PREFACE && !connection->closes) {
    if (gather->count == GATHERED_MAX) {
      connection->has_more = some_have_more = true;
      break;
    }
    struct frame frame;
    int64_t length = frame_read(connection->input + start, connection->input_count - start, &frame);
    if (length == 0) break;
    if (length < 0) return fail(connection, "the frame");
    take_frame(connection, &frame, gather);
    start += (size_t)length;
  }
  connection->input_count -= start;
  if (start && connection->input_count) memmove(connection->input, connection->input + start, connection->input_count);
}

static void receive(struct connection *connection, struct gather *gather) {
  if (connection->closes || connection->input_count == INPUT_BYTES) return;
  ssize_t count = recv(connection->descriptor, connection->input + connection->input_count,
                       INPUT_BYTES - connection->input_count, 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) return close_connection(connection);
  connection->input_count += (size_t)count;
  take_input(connection, gather);
}

/* ---- what goes out ---- */

static void answer(struct gather *gather) {
  for (uint32_t index = 0; index < gather->count; index++) {
    const struct request *request = &gather->requests[index];
    struct connection *connection = &connections[request->connection];
    if (connection->descriptor < 0 || connection->serial != request->serial) continue;
    connection->output_count += reply_write(request, gather->committed_seq, room_for_reply(connection));
  }
  flush_touched();
  gather->count = 0;
  arena_reset(&gather->arena);
}

static int listening(uint16_t port) {
  int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  if (descriptor < 0) die(71, "socket: %s", strerror(errno));
  MUST(setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one));
  MUST(bind(descriptor, (struct sockaddr *)&address, sizeof address));
  MUST(listen(descriptor, 1024));
  MUST(getsockname(descriptor, (struct sockaddr *)&address, &length));
  watch(EPOLL_CTL_ADD, descriptor, EPOLLIN, LISTENER);
  printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
  if (fflush(stdout) != 0) die(71, "standard output is closed");
  return descriptor;
}

static struct gather *new_gather(void) {
  struct gather *gather = allocated(1, sizeof *gather);
  gather->requests = allocated(GATHERED_MAX, sizeof *gather->requests);
  arena_open(&gather->arena);
  return gather;
}

int main(int argc, char **argv) {
  struct options options = DEFAULT_OPTIONS;
  int port = 0, threads = 1;
  bool stores = true;
  for (int at = 1; at < argc; at++) {
    const char *flag = argv[at], *value = at + 1 < argc ? argv[at + 1] : NULL;
    if (!strcmp(flag, "--no-store")) {
      stores = false;
      continue;
    }
    if (!strcmp(flag, "--port")) port = value ? atoi(value) : -1;
    else if (!strcmp(flag, "--threads")) threads = value ? atoi(value) : 0;
    else if (!option(&options, flag, value)) die(64, "unknown flag %s", flag);
    at++;
  }
  if (port < 0 || port > 65535 || threads < 1 || threads > 2) die(64, "--port 0 to 65535, --threads 1 or 2");
  struct rlimit files = {.rlim_cur = CONNECTIONS_MAX + 64, .rlim_max = CONNECTIONS_MAX + 64};
  if (setrlimit(RLIMIT_NOFILE, &files) != 0 && errno != EPERM) die(71, "setrlimit: %s", strerror(errno));

  ledger_open(&ledger, &options, stores, GATHERED_MAX);
  for (int index = 0; index < CONNECTIONS_MAX; index++) connections[index].descriptor = -1;
  poller = epoll_create1(EPOLL_CLOEXEC);
  committed = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  MUST(pthread_sigmask(SIG_BLOCK, &signals, NULL));
  int signal_descriptor = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
  if (poller < 0 || committed < 0 || signal_descriptor < 0) die(71, "epoll, eventfd or signalfd: %s", strerror(errno));
  watch(EPOLL_CTL_ADD, signal_descriptor, EPOLLIN, SIGNALS);
  watch(EPOLL_CTL_ADD, committed, EPOLLIN, COMMITTED);
  pthread_t committer;
  if (threads == 2) MUST(pthread_create(&committer, NULL, commit_loop, NULL));
  int listener = listening((uint16_t)port);

  struct gather *gathering = new_gather(), *idle = threads == 2 ? new_gather() : NULL, *away = NULL;
  struct epoll_event events[EVENTS_MAX];
  for (bool ends = false; !ends;) {
    int ready = epoll_wait(poller, events, EVENTS_MAX, some_have_more && !away ? 0 : -1);
    if (ready < 0 && errno != EINTR) die(71, "epoll_wait: %s", strerror(errno));
    struct gather *done = NULL;
    for (int index = 0; index < ready; index++) {
      uint32_t token = events[index].data.u32;
      if (token == LISTENER) accept_connection(listener);
      else if (token == SIGNALS) ends = true;
      else if (token == COMMITTED) {
        uint64_t number;
        if (read(committed, &number, sizeof number) != sizeof number) die(71, "eventfd: %s", strerror(errno));
        done = away;
        away = NULL;
      } else {
        struct connection *connection = &connections[token];
        if (connection->descriptor >= 0 && events[index].events & EPOLLOUT) flush(connection);
        if (connection->descriptor >= 0 && events[index].events & ~(uint32_t)EPOLLOUT) receive(connection, gathering);
      }
    }
    if (some_have_more && gathering->count < GATHERED_MAX) {
      some_have_more = false;
      for (int index = 0; index < CONNECTIONS_MAX; index++)
        if (connections[index].descriptor >= 0 && connections[index].has_more) take_input(&connections[index], gathering);
    }
    if (threads == 1) {
      if (gathering->count)
        gathering->committed_seq = ledger_perform(&ledger, gathering->requests, gathering->count, &gathering->arena);
      answer(gathering);
      ledger_maintain(&ledger);
      continue;
    }
    /* What has gathered goes off before what is done is answered. */
    if (!away && gathering->count) {
      away = gathering;
      gathering = done ? NULL : idle;
      hand_over(away);
    }
    if (done) {
      answer(done);
      if (!gathering) gathering = done;
      else idle = done;
    } else {
      flush_touched();
    }
  }
  if (threads == 2) {
    MUST(pthread_mutex_lock(&mutex));
    is_ending = true;
    MUST(pthread_cond_signal(&work));
    MUST(pthread_mutex_unlock(&mutex));
    MUST(pthread_join(committer, NULL));
  }
  ledger_close(&ledger);
  return 0;
}
