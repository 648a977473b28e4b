#include "client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "call.h"
#include "error.h"
#include "stream.h"

enum { IDLE_MICROS = 20000 };

const char *walletd_version(void) {
  return WALLETD_VERSION;
}

/* False: errno says why. */
static bool open_epoll(walletd_client *client) {
  client->epoll = epoll_create1(EPOLL_CLOEXEC);
  client->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  struct epoll_event event = {.events = EPOLLIN};
  return client->epoll >= 0 && client->wake >= 0 && epoll_ctl(client->epoll, EPOLL_CTL_ADD, client->wake, &event) == 0;
}

static void free_parts(walletd_client *client) {
  if (client->epoll >= 0) close(client->epoll);
  if (client->wake >= 0) close(client->wake);
  wd_settings_free(&client->settings);
  wd_unresolved_free(&client->unresolved);
  free(client->timers.timers);
  free(client->slots);
  free(client);
}

walletd_client *walletd_client_new(const char *address, const walletd_settings *settings, walletd_error **error) {
  if (error) *error = NULL;
  walletd_client *client = calloc(1, sizeof *client);
  if (!client) {
    wd_fail(error, WALLETD_NO_MEMORY, NULL, "there is no memory for a client");
    return NULL;
  }
  client->epoll = client->wake = -1;
  client->processor_until = client->loop_until = INT64_MIN;
  client->budget.saved = WD_BUDGET_START;
  walletd_status status = wd_settings_read(&client->settings, address, settings, error);
  if (status == WALLETD_OK && !(client->slots = calloc(client->settings.connections, sizeof(wd_connection *))))
    status = wd_fail(error, WALLETD_NO_MEMORY, NULL, "there is no memory for a client");
  if (status == WALLETD_OK && !wd_random(&client->jitter, sizeof client->jitter))
    status = wd_fail(error, WALLETD_INVALID, NULL, "the system has no random bytes");
  if (status == WALLETD_OK && !open_epoll(client))
    status = wd_fail(error, WALLETD_INVALID, NULL, "the system has no descriptor for a client: %s", strerror(errno));
  if (status == WALLETD_OK && pthread_mutex_init(&client->mutex, NULL) != 0)
    status = wd_fail(error, WALLETD_NO_MEMORY, NULL, "there is no memory for a client");
  if (status == WALLETD_OK) return client;
  free_parts(client);
  return NULL;
}

/* Nobody may have read from a connection since its last call: a server that has left meanwhile is noticed before it is sent
   anything, and not by a call that is lost. */
static void look_at_idle(wd_connection *connection) {
  int64_t now = wd_now();
  if (connection->state == WD_OPEN && connection->flights.count == 0 && now - connection->used_at > IDLE_MICROS)
    wd_connection_read(connection);
  connection->used_at = now;
}

wd_connection *wd_client_connection(walletd_client *client) {
  client->next_slot = (client->next_slot + 1) % client->settings.connections;
  wd_connection **slot = &client->slots[client->next_slot];
  if (*slot) look_at_idle(*slot);
  if (*slot && wd_connection_accepting(*slot)) return *slot;
  *slot = wd_connection_new(client); /* the old one goes when it is done */
  if (*slot) {
    (*slot)->next = client->connections;
    client->connections = *slot;
  }
  return *slot;
}

void walletd_client_close(walletd_client *client) {
  static const wd_failure closed = {.status = WALLETD_CLOSED, .message = "the client is closed"};
  if (!client) return;
  pthread_mutex_lock(&client->mutex);
  client->closed = true;
  for (wd_connection *connection = client->connections; connection; connection = connection->next)
    wd_connection_lost(connection, &closed);
  for (walletd_call *call = client->calls, *next; call; call = next) { /* those that wait for their next attempt */
    next = call->next;
    wd_attempt_final(call, closed.status, closed.message, true);
  }
  for (walletd_stream *stream = client->streams; stream; stream = stream->next) wd_stream_closed(stream);
  if (client->processing) {
    wd_client_changed(client);
  } else {
    client->processing = true;
    client->processor = pthread_self();
    wd_client_dispatch(client);
    client->processing = false;
  }
  pthread_mutex_unlock(&client->mutex);
}

void walletd_client_free(walletd_client *client) {
  if (!client) return;
  walletd_client_close(client);
  while (client->connections) {
    wd_connection *connection = client->connections;
    client->connections = connection->next;
    wd_connection_free(connection);
  }
  pthread_mutex_destroy(&client->mutex);
  free_parts(client);
}
