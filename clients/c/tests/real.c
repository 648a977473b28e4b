#include "real.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake.h"

/* ---------------------------------------------------------------- the server */

const char *server_program(void) {
  const char *named = getenv("WALLETD");
  if (named && access(named, X_OK) == 0) return named;
  fprintf(stderr, "there is no server to test against: name it by WALLETD\n");
  exit(1);
}

static void split(char *text, const char **into, int max) {
  int count = 0;
  for (char *word = strtok(text, " "); word && count < max - 1; word = strtok(NULL, " ")) into[count++] = word;
  into[count] = NULL;
}

/* Reads what it says until it listens. */
static bool wait_until_it_listens(server *server, int said) {
  char text[8192];
  size_t length = 0;
  for (int64_t end = now_millis() + 3 * PATIENCE_MILLIS; now_millis() < end && length < sizeof text - 1;) {
    struct pollfd polled = {.fd = said, .events = POLLIN};
    if (poll(&polled, 1, 1000) <= 0) continue;
    ssize_t count = read(said, text + length, sizeof text - 1 - length);
    if (count <= 0) break;
    length += (size_t)count;
    text[length] = '\0';
    char *found = strstr(text, "walletd: listening on ");
    if (found && strchr(found, '\n')) {
      sscanf(found, "walletd: listening on %63s", server->address);
      return true;
    }
  }
  text[length] = '\0';
  fprintf(stderr, "walletd doesn't listen; it said:\n%s\n", text);
  return false;
}

/* What it says later goes nowhere, but it has to go. */
static void *swallow(void *argument) {
  int said = (int)(intptr_t)argument;
  char bytes[4096];
  while (read(said, bytes, sizeof bytes) > 0) continue;
  close(said);
  return NULL;
}

void server_start(server *server) {
  int said[2];
  if (pipe2(said, O_CLOEXEC) != 0) need(NULL);
  char options[sizeof server->options];
  snprintf(options, sizeof options, "%s", server->options);
  const char *arguments[32] = {server_program(), "serve", "--data", server->data, "--listen", server->address};
  split(options, arguments + 6, 26);
  server->pid = fork();
  if (server->pid == 0) {
    dup2(said[1], STDERR_FILENO);
    execv(arguments[0], (char *const *)(uintptr_t)arguments);
    _exit(127);
  }
  close(said[1]);
  if (server->pid < 0 || !wait_until_it_listens(server, said[0])) need(NULL);
  pthread_t thread;
  if (pthread_create(&thread, NULL, swallow, (void *)(intptr_t)said[0]) != 0) need(NULL);
  pthread_detach(thread);
}

server *server_over(const char *data, const char *options) {
  server *made = need(calloc(1, sizeof *made));
  snprintf(made->address, sizeof made->address, "127.0.0.1:0");
  snprintf(made->options, sizeof made->options, "%s", options ? options : "");
  snprintf(made->data, sizeof made->data, "%s", data);
  server_start(made);
  return made;
}

server *server_new(const char *options) {
  static atomic_int count;
  char data[128];
  snprintf(data, sizeof data, "%s/data-%d", scratch(), atomic_fetch_add(&count, 1));
  return server_over(data, options);
}

static int end_of(server *server) {
  int status = -1;
  while (waitpid(server->pid, &status, 0) < 0 && errno == EINTR) continue;
  server->pid = 0;
  return status;
}

void server_kill(server *server) {
  if (server->pid == 0) return;
  kill(server->pid, SIGKILL);
  end_of(server);
}

void server_terminate(server *server) {
  kill(server->pid, SIGTERM);
  CHECK_INT(end_of(server), 0);
}

void server_free(server *server) {
  server_kill(server);
  free(server);
}

/* ---------------------------------------------------------------- the proxy */

enum { PAIRS_MAX = 4096 };

struct proxy {
  char address[32];
  struct sockaddr_in server;
  int listener, stop[2];
  pthread_t thread;
  atomic_int slice, black, cut, accepted, rounds;
};

/* One direction of a connection; the other one is its neighbour. */
typedef struct side {
  int from, to;
} side;

/* Passes on what there is. False: the connection has ended. */
static bool pass_on(proxy *proxy, side *one) {
  char bytes[65536];
  int slice = atomic_load(&proxy->slice);
  ssize_t count = recv(one->from, bytes, slice > 0 ? (size_t)slice : sizeof bytes, 0);
  if (count <= 0) return false;
  for (ssize_t done = 0; done < count;) {
    ssize_t sent = send(one->to, bytes + done, (size_t)(count - done), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    done += sent;
  }
  return true;
}

static void reset(int socket) {
  struct linger now = {.l_onoff = 1};
  setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  close(socket);
}

static void drop(side *sides, int pair, int *count) {
  reset(sides[pair].from);
  reset(sides[pair].to);
  *count -= 2;
  sides[pair] = sides[*count];
  sides[pair + 1] = sides[*count + 1];
}

static void accept_one(proxy *proxy, side *sides, int *count) {
  int client = accept4(proxy->listener, NULL, NULL, SOCK_CLOEXEC), on = 1;
  int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (client < 0) return;
  atomic_fetch_add(&proxy->accepted, 1);
  if (*count + 2 > PAIRS_MAX || connect(server, (struct sockaddr *)&proxy->server, sizeof proxy->server) != 0) {
    close(client);
    close(server);
    return;
  }
  setsockopt(client, IPPROTO_TCP, 1 /* TCP_NODELAY */, &on, sizeof on);
  setsockopt(server, IPPROTO_TCP, 1, &on, sizeof on);
  sides[(*count)++] = (side){client, server};
  sides[(*count)++] = (side){server, client};
}

static void *run_proxy(void *argument) {
  proxy *proxy = argument;
  side *sides = need(calloc(PAIRS_MAX, sizeof *sides));
  struct pollfd *polled = need(calloc(PAIRS_MAX + 2, sizeof *polled));
  int count = 0;
  for (;;) {
    bool black = atomic_load(&proxy->black);
    atomic_fetch_add(&proxy->rounds, 1);
    polled[0] = (struct pollfd){.fd = proxy->stop[0], .events = POLLIN};
    polled[1] = (struct pollfd){.fd = proxy->listener, .events = POLLIN};
    for (int i = 0; i < count; i++) polled[2 + i] = (struct pollfd){.fd = black ? -1 : sides[i].from, .events = POLLIN};
    if (poll(polled, (nfds_t)count + 2, 20) < 0 && errno != EINTR) break;
    if (polled[0].revents) break;
    if (atomic_exchange(&proxy->cut, 0))
      while (count > 0) drop(sides, count - 2, &count);
    else
      for (int i = count - 2; i >= 0; i -= 2)
        if ((polled[2 + i].revents && !pass_on(proxy, &sides[i])) ||
            (polled[3 + i].revents && !pass_on(proxy, &sides[i + 1])))
          drop(sides, i, &count);
    if (polled[1].revents) accept_one(proxy, sides, &count);
  }
  while (count > 0) drop(sides, count - 2, &count);
  free(sides);
  free(polled);
  return NULL;
}

proxy *proxy_new(const char *server) {
  proxy *made = need(calloc(1, sizeof *made));
  made->listener = listen_on_loopback(made->address);
  made->server = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  made->server.sin_port = htons((uint16_t)atoi(strrchr(server, ':') + 1));
  if (pipe2(made->stop, O_CLOEXEC) != 0 || pthread_create(&made->thread, NULL, run_proxy, made) != 0) need(NULL);
  return made;
}

const char *proxy_address(const proxy *proxy) {
  return proxy->address;
}
void proxy_slice(proxy *proxy, int bytes) {
  atomic_store(&proxy->slice, bytes);
}
void proxy_blackhole(proxy *proxy, bool on) {
  atomic_store(&proxy->black, on);
}
void proxy_cut(proxy *proxy) {
  atomic_store(&proxy->cut, 1);
}
int proxy_connections(proxy *proxy) {
  return atomic_load(&proxy->accepted);
}

void proxy_free(proxy *proxy) {
  close(proxy->stop[1]);
  pthread_join(proxy->thread, NULL);
  close(proxy->stop[0]);
  close(proxy->listener);
  free(proxy);
}
