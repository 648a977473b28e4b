/* From an address to a connection that speaks. Nothing here waits but the look-up of a name. */

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <resolv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "client.h"

static void disconnected(wd_connection *connection, const char *why) {
  const char *address = connection->client->settings.address;
  snprintf(connection->problem, sizeof connection->problem, "no connection to %s: %s", address, why);
  wd_connection_lost(
      connection, &(wd_failure){.status = WALLETD_DISCONNECTED, .message = connection->problem, .retry = true});
}

/* ---------------------------------------------------------------- names */

/* Name servers are asked once each, a second long: nothing else bounds what getaddrinfo takes. */
static int look_up(const char *host, const char *port, struct addrinfo **found) {
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
  int problem = getaddrinfo(host, port, &hints, found);
  if (problem != EAI_NONAME) return problem;
  hints.ai_flags = AI_NUMERICSERV;
  if (!(_res.options & RES_INIT) && res_init() != 0) return getaddrinfo(host, port, &hints, found);
  int attempts = _res.retry, seconds = _res.retrans; /* of this thread */
  _res.retry = _res.retrans = 1;
  problem = getaddrinfo(host, port, &hints, found);
  _res.retry = attempts;
  _res.retrans = seconds;
  return problem;
}

/* ---------------------------------------------------------------- sockets */

static bool prepare(int made, int family) {
  int flags = fcntl(made, F_GETFL), on = 1;
  if (flags < 0 || fcntl(made, F_SETFL, flags | O_NONBLOCK) != 0) return false;
  if (family == AF_UNIX) return true;
  return setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0 &&
         setsockopt(made, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on) == 0;
}

/* False: not this address, and errno says why. */
static bool begin(wd_connection *connection, int family, const struct sockaddr *address, socklen_t length) {
  int made = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made < 0) return false;
  if (!prepare(made, family) || (connect(made, address, length) != 0 && errno != EINPROGRESS)) {
    int saved = errno;
    close(made);
    errno = saved;
    return false;
  }
  connection->socket = made;
  connection->watched = 0;
  struct epoll_event none = {.data.ptr = connection};
  if (epoll_ctl(connection->client->epoll, EPOLL_CTL_ADD, made, &none) != 0) {
    int saved = errno;
    wd_transport_close(connection);
    errno = saved;
    return false;
  }
  wd_transport_watch(connection);
  return true;
}

/* Tries the address that is next; the time that is left is shared among those that are. */
static void try_next(wd_connection *connection, int problem) {
  for (; connection->address; connection->address = connection->address->ai_next) {
    struct addrinfo *address = connection->address;
    if (begin(connection, address->ai_family, address->ai_addr, address->ai_addrlen)) {
      int64_t now = wd_now(), left = connection->opens_until - now;
      int count = 0;
      for (struct addrinfo *other = address; other; other = other->ai_next) count++;
      wd_timer_set(&connection->client->timers, &connection->timer, now + left / count);
      connection->address = address->ai_next;
      return;
    }
    problem = errno;
  }
  disconnected(connection, strerror(problem));
}

static void dial_unix(wd_connection *connection, const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  memcpy(address.sun_path, path, strlen(path) + 1); /* its length was checked with the settings */
  wd_timer_set(&connection->client->timers, &connection->timer, connection->opens_until);
  if (!begin(connection, AF_UNIX, (const struct sockaddr *)&address, sizeof address))
    disconnected(connection, strerror(errno));
}

void wd_connection_dial(wd_connection *connection) {
  const wd_settings *settings = &connection->client->settings;
  connection->phase = WD_CONNECTING;
  connection->opens_until = wd_now() + (int64_t)settings->connect_timeout_millis * 1000;
  walletd_status status = wd_settings_hello(settings, &connection->control, connection->problem, sizeof connection->problem);
  if (status != WALLETD_OK) {
    wd_connection_lost(connection, &(wd_failure){.status = status, .message = connection->problem});
    return;
  }
  if (settings->path) {
    dial_unix(connection, settings->path);
    return;
  }
  int problem = look_up(settings->host, settings->port, &connection->addresses);
  if (problem != 0) {
    disconnected(connection, problem == EAI_SYSTEM ? strerror(errno) : gai_strerror(problem));
    return;
  }
  connection->address = connection->addresses;
  try_next(connection, EADDRNOTAVAIL);
}

/* ---------------------------------------------------------------- connected */

static void begin_to_talk(wd_connection *connection) {
  connection->phase = WD_TALKING;
  wd_connection_flush(connection);
}

/* The socket is connected, or TLS has shaken hands, or neither came to be. */
void wd_connection_dialed(wd_connection *connection) {
  const wd_settings *settings = &connection->client->settings;
  if (connection->phase == WD_SHAKING_HANDS) {
    begin_to_talk(connection);
    return;
  }
  int problem = 0;
  socklen_t length = sizeof problem;
  if (getsockopt(connection->socket, SOL_SOCKET, SO_ERROR, &problem, &length) != 0) problem = errno;
  if (problem != 0) {
    wd_transport_close(connection);
    try_next(connection, problem);
    return;
  }
  wd_timer_set(&connection->client->timers, &connection->timer, connection->opens_until);
  if (!settings->tls.context) {
    begin_to_talk(connection);
    return;
  }
  connection->session = wd_tls_session(&settings->tls, connection->socket, settings->server_name);
  if (!connection->session) {
    disconnected(connection, "there is no memory for TLS");
    return;
  }
  connection->phase = WD_SHAKING_HANDS;
  wd_transport_shake_hands(connection);
}

void wd_connection_timer(wd_timer *timer) {
  wd_connection *connection = (wd_connection *)(void *)((char *)timer - offsetof(wd_connection, timer));
  if (connection->state != WD_OPENING) {
    wd_connection_lost(
        connection, &(wd_failure){.status = WALLETD_DISCONNECTED, .message = "the connection broke", .retry = true});
  } else if (connection->phase == WD_CONNECTING && connection->address && wd_now() < connection->opens_until) {
    wd_transport_close(connection);
    try_next(connection, ETIMEDOUT);
  } else {
    disconnected(connection, connection->phase == WD_CONNECTING ? strerror(ETIMEDOUT)
                             : connection->phase == WD_TALKING  ? "the server did not answer HELLO in time"
                                                                : "the TLS handshake took too long");
  }
}
