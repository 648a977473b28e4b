/* Who waits for what. One thread at a time processes: it waits for epoll, handles what came and calls back. Threads whose
   calls wait take turns with that, so that the library needs no thread of its own; the others sleep until they are told. */

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "call.h"
#include "error.h"
#include "stream.h"

enum { EVENTS_MAX = 64 };

static void wake(walletd_client *client) {
  const uint64_t one = 1;
  /* Full: it is awake already. */
  while (write(client->wake, &one, sizeof one) < 0 && errno == EINTR) continue;
}

static void drain_wake(walletd_client *client) {
  uint64_t count;
  while (read(client->wake, &count, sizeof count) < 0 && errno == EINTR) continue;
}

/* ---------------------------------------------------------------- what is due */

static bool is_due_now(const walletd_client *client) {
  if (client->ended_first || client->ready_first) return true;
  for (const wd_connection *connection = client->connections; connection; connection = connection->next)
    if (connection->more || connection->state == WD_CLOSED) return true;
  return false;
}

static int64_t next_due(const walletd_client *client) {
  return is_due_now(client) ? INT64_MIN + 1 : wd_heap_next(&client->timers);
}

static int millis_until(int64_t at) {
  if (at == INT64_MAX) return -1;
  int64_t left = at - (at < 0 ? 0 : wd_now());
  if (left <= 0) return 0;
  return left / 1000 >= INT32_MAX ? INT32_MAX : (int)((left + 999) / 1000);
}

static void flush_all(walletd_client *client) {
  for (wd_connection *connection = client->connections; connection; connection = connection->next)
    wd_connection_flush(connection);
}

static void fire_timers(walletd_client *client) {
  int64_t now = wd_now();
  while (wd_heap_next(&client->timers) <= now) {
    wd_timer *timer = client->timers.timers[1];
    wd_timer_unset(&client->timers, timer);
    timer->fire(timer);
  }
}

/* Gives back connections that have ended. Only the thread that processes does: nobody else then knows of them. */
static void reap(walletd_client *client) {
  for (wd_connection **at = &client->connections; *at;) {
    wd_connection *connection = *at;
    if (connection->state != WD_CLOSED) {
      at = &connection->next;
      continue;
    }
    *at = connection->next;
    for (unsigned i = 0; i < client->settings.connections; i++)
      if (client->slots[i] == connection) client->slots[i] = NULL;
    wd_connection_free(connection);
  }
}

void wd_client_dispatch(walletd_client *client) {
  walletd_call *call;
  while ((call = client->ended_first) != NULL) {
    client->ended_first = call->queue_next;
    if (!call->queue_next) client->ended_last = NULL;
    if (call->done) {
      pthread_mutex_unlock(&client->mutex);
      call->done(call->context, call);
      pthread_mutex_lock(&client->mutex);
    }
    wd_call_free(call);
  }
  walletd_stream *stream;
  while ((stream = client->ready_first) != NULL) {
    client->ready_first = stream->ready_next;
    stream->to_tell = false;
    walletd_ready *ready = stream->ready;
    void *context = stream->context;
    if (!ready) continue;
    pthread_mutex_unlock(&client->mutex);
    ready(context, stream);
    pthread_mutex_lock(&client->mutex);
  }
}

/* Waits at most until `until`, and does what there is to do. */
static void process(walletd_client *client, int64_t until) {
  client->processing = true;
  client->processor = pthread_self();
  flush_all(client);
  int64_t due = next_due(client);
  if (due > until) due = until;
  int timeout = millis_until(due);
  if (timeout != 0) client->processor_until = due;
  struct epoll_event events[EVENTS_MAX];
  pthread_mutex_unlock(&client->mutex);
  int count = epoll_wait(client->epoll, events, EVENTS_MAX, timeout);
  pthread_mutex_lock(&client->mutex);
  client->processor_until = INT64_MIN;
  for (int i = 0; i < count; i++) {
    if (events[i].data.ptr)
      wd_connection_ready(events[i].data.ptr, events[i].events);
    else
      drain_wake(client);
  }
  for (wd_connection *connection = client->connections; connection; connection = connection->next)
    if (connection->more) wd_connection_read(connection);
  fire_timers(client);
  flush_all(client);
  wd_client_dispatch(client);
  flush_all(client); /* what callbacks have started */
  reap(client);
  client->processing = false;
}

/* ---------------------------------------------------------------- waiting threads */

static bool is_processor(const walletd_client *client) {
  return client->processing && pthread_equal(client->processor, pthread_self());
}

static void hand_over(walletd_client *client) {
  if (client->processing) return;
  for (wd_waiter *waiter = client->waiters; waiter; waiter = waiter->next) {
    if (waiter->done) continue;
    pthread_cond_signal(&waiter->changed);
    return;
  }
}

walletd_status wd_waiter_init(walletd_client *client, wd_waiter *waiter) {
  if (is_processor(client)) return WALLETD_INVALID;
  *waiter = (wd_waiter){.next = client->waiters, .client = client};
  if (pthread_cond_init(&waiter->changed, NULL) != 0) return WALLETD_NO_MEMORY;
  client->waiters = waiter;
  return WALLETD_OK;
}

void wd_client_wait(walletd_client *client, wd_waiter *waiter) {
  while (!waiter->done) {
    if (client->processing)
      pthread_cond_wait(&waiter->changed, &client->mutex);
    else
      process(client, INT64_MAX);
  }
}

void wd_waiter_done(wd_waiter *waiter) {
  walletd_client *client = waiter->client;
  waiter->done = true;
  pthread_cond_signal(&waiter->changed);
  if (client->processing && !is_processor(client)) wake(client); /* it may be the one that waits for epoll */
}

void wd_waiter_destroy(walletd_client *client, wd_waiter *waiter) {
  wd_waiter **at = &client->waiters;
  while (*at != waiter) at = &(*at)->next;
  *at = waiter->next;
  pthread_cond_destroy(&waiter->changed);
  hand_over(client);
}

void wd_client_changed(walletd_client *client) {
  if (is_processor(client)) return;
  flush_all(client);
  int64_t due = next_due(client);
  if (due >= client->processor_until && due >= client->loop_until) return;
  if (client->processor_until > due) client->processor_until = due;
  if (client->loop_until > due) client->loop_until = due;
  wake(client);
}

/* ---------------------------------------------------------------- the caller's loop */

int walletd_fd(const walletd_client *client) {
  return client->epoll;
}

short walletd_events(const walletd_client *client) {
  (void)client;
  return POLLIN;
}

int walletd_timeout_ms(walletd_client *client) {
  pthread_mutex_lock(&client->mutex);
  int64_t due = next_due(client);
  int timeout = millis_until(due);
  client->loop_until = timeout == 0 ? INT64_MIN : due;
  pthread_mutex_unlock(&client->mutex);
  return timeout;
}

void walletd_process(walletd_client *client, short revents) {
  (void)revents; /* a look at the descriptor costs less than being told wrongly */
  pthread_mutex_lock(&client->mutex);
  client->loop_until = INT64_MIN;
  bool another = client->processing;
  if (!another) {
    process(client, INT64_MIN);
    hand_over(client);
  }
  pthread_mutex_unlock(&client->mutex);
  if (another) sched_yield(); /* which sees to what the descriptor is ready for */
}
