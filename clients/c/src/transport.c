/* Bytes to and from a socket, through TLS where there is one. */

#include <errno.h>
#include <openssl/err.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"

static ssize_t broke(wd_connection *connection, wd_failure *failure) {
  snprintf(connection->problem, sizeof connection->problem, "the connection broke: %s", strerror(errno));
  *failure = (wd_failure){.status = WALLETD_DISCONNECTED, .message = connection->problem, .retry = true};
  return -1;
}

static bool is_for_later(int problem) {
  return problem == EAGAIN || problem == EWOULDBLOCK || problem == EINTR;
}

/* Why an operation of TLS gave nothing. */
static ssize_t tls_failed(wd_connection *connection, int result, wd_failure *failure) {
  int kind = SSL_get_error(connection->session, result);
  connection->tls_wants_write = kind == SSL_ERROR_WANT_WRITE;
  if (kind == SSL_ERROR_WANT_WRITE || kind == SSL_ERROR_WANT_READ) return 0;
  wd_tls_problem problem;
  wd_tls_problem_of(connection->session, result, &problem);
  snprintf(connection->problem, sizeof connection->problem, "%s", problem.message);
  *failure = (wd_failure){.status = problem.status, .message = connection->problem, .retry = problem.retry};
  if (connection->state != WD_OPENING && !problem.ended) /* what it meant by then is the end of a connection */
    *failure = (wd_failure){.status = WALLETD_DISCONNECTED, .message = connection->problem, .retry = true};
  return problem.ended ? -2 : -1;
}

ssize_t wd_transport_write(wd_connection *connection, const uint8_t *bytes, size_t length, wd_failure *failure) {
  if (connection->session) {
    ERR_clear_error();
    errno = 0;
    size_t written = 0;
    int result = SSL_write_ex(connection->session, bytes, length, &written);
    if (result == 1) return (ssize_t)written;
    ssize_t failed = tls_failed(connection, result, failure);
    return failed == -2 ? -1 : failed;
  }
  ssize_t written = send(connection->socket, bytes, length, MSG_NOSIGNAL);
  if (written >= 0) return written;
  return is_for_later(errno) ? 0 : broke(connection, failure);
}

ssize_t wd_transport_read(wd_connection *connection, uint8_t *bytes, size_t length, wd_failure *failure) {
  if (connection->session) {
    ERR_clear_error();
    errno = 0;
    size_t got = 0;
    int result = SSL_read_ex(connection->session, bytes, length, &got);
    if (result == 1) return (ssize_t)got;
    return tls_failed(connection, result, failure);
  }
  ssize_t got = recv(connection->socket, bytes, length, 0);
  if (got > 0) return got;
  if (got < 0) return is_for_later(errno) ? 0 : broke(connection, failure);
  *failure = (wd_failure){.status = WALLETD_DISCONNECTED, .message = "the server closed the connection", .retry = true};
  return -2;
}

void wd_transport_shake_hands(wd_connection *connection) {
  ERR_clear_error();
  errno = 0;
  int result = SSL_do_handshake(connection->session);
  if (result == 1) {
    connection->tls_wants_write = false;
    wd_connection_dialed(connection);
    return;
  }
  wd_failure failure;
  if (tls_failed(connection, result, &failure) != 0) {
    char message[sizeof connection->problem];
    snprintf(
        message, sizeof message, "no connection to %.60s: %.160s", connection->client->settings.address, failure.message);
    failure.message = message;
    wd_connection_lost(connection, &failure);
    return;
  }
  wd_transport_watch(connection);
}

void wd_transport_watch(wd_connection *connection) {
  if (connection->socket < 0) return;
  uint32_t wanted = 0;
  if (connection->phase == WD_CONNECTING)
    wanted = EPOLLOUT;
  else
    wanted = EPOLLIN | (connection->blocked || connection->tls_wants_write ? EPOLLOUT : 0);
  if (wanted == connection->watched) return;
  struct epoll_event event = {.events = wanted, .data.ptr = connection};
  /* It fails for no reason but a descriptor that isn't in, and this one is. */
  if (epoll_ctl(connection->client->epoll, EPOLL_CTL_MOD, connection->socket, &event) == 0) connection->watched = wanted;
}

void wd_transport_close(wd_connection *connection) {
  if (connection->session) {
    ERR_clear_error();
    /* Says goodbye where the socket takes it at once. After a failed handshake that is not allowed. */
    if (connection->phase == WD_TALKING && !connection->unwritable) (void)SSL_shutdown(connection->session);
    ERR_clear_error();
    SSL_free(connection->session);
    connection->session = NULL;
  }
  if (connection->socket >= 0) {
    /* Closing takes it out of epoll's set, too, as long as no other process has it: hence explicitly. */
    (void)epoll_ctl(connection->client->epoll, EPOLL_CTL_DEL, connection->socket, NULL);
    close(connection->socket);
    connection->socket = -1;
  }
  if (connection->addresses && connection->state == WD_CLOSED) {
    freeaddrinfo(connection->addresses);
    connection->addresses = connection->address = NULL;
  }
}
