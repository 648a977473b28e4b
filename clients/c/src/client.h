/* A client, and how its parts are tied together. All of it is guarded by the client's mutex. */
#ifndef WALLETD_CLIENT_H
#define WALLETD_CLIENT_H

#include <pthread.h>

#include "connection.h"
#include "heap.h"
#include "keys.h"
#include "retry.h"
#include "settings.h"

/* A thread that waits for the end of a call or for an event. It lies on that thread's stack. */
typedef struct wd_waiter {
  struct wd_waiter *next;
  walletd_client *client;
  pthread_cond_t changed;
  bool done;
  wd_timer timer; /* of a wait with an end of its own */
} wd_waiter;

struct walletd_client {
  pthread_mutex_t mutex;
  wd_settings settings;
  int epoll, wake; /* wake is an eventfd that ends a wait for epoll */

  bool closed;
  bool processing; /* a thread waits for epoll or handles what came */
  pthread_t processor;
  wd_waiter *waiters;
  /* Until when someone waits: the thread that processes, and the caller's loop. Who sets an earlier timer wakes them. */
  int64_t processor_until, loop_until;

  wd_heap timers;
  wd_budget budget;
  wd_jitter jitter;
  wd_unresolved unresolved;

  wd_connection *connections; /* all, those that leave too */
  wd_connection **slots;      /* settings.connections of them, for new calls; NULL: none yet */
  unsigned next_slot;

  walletd_call *calls;                    /* under way */
  walletd_call *ended_first, *ended_last; /* whose callbacks are due */
  uint64_t last_id;
  walletd_stream *streams;
  walletd_stream *ready_first; /* whose readers are to be told */
};

/* A connection that takes calls, made if need be. NULL: no memory. */
wd_connection *wd_client_connection(walletd_client *client);

/* Writes what can be written, and sees to it that whoever waits knows of new timers. By the thread that processes nothing is
   done: it does it at its end. */
void wd_client_changed(walletd_client *client);

/* ---- waiting: the mutex is held, and given up meanwhile */

/* Readies a waiter that wd_client_wait takes. WALLETD_OK, or why there can be no wait here. */
walletd_status wd_waiter_init(walletd_client *client, wd_waiter *waiter);
/* Processes, or waits for the thread that does, until the waiter is done. */
void wd_client_wait(walletd_client *client, wd_waiter *waiter);
void wd_waiter_done(wd_waiter *waiter);
void wd_waiter_destroy(walletd_client *client, wd_waiter *waiter);

/* Calls the callbacks that are due, and leaves the mutex meanwhile. */
void wd_client_dispatch(walletd_client *client);

#endif
