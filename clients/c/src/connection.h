/* One WRP/1 connection: its socket, what waits to be sent on it, and what is in flight. */
#ifndef WALLETD_CONNECTION_H
#define WALLETD_CONNECTION_H

#include <netdb.h>
#include <openssl/ssl.h>

#include "buffer.h"
#include "flights.h"
#include "frame.h"
#include "heap.h"
#include "walletd.h"

enum {
  WD_OPENING_FRAME_MAX = 64 * 1024, /* of the server, before HELLO_ACK names the real limit */
  WD_RESPONSE_DEFAULT = 1024 * 1024,
  WD_RESPONSE_CEILING = 16 * 1024 * 1024, /* whatever the server says */
  WD_WRITE_MAX = 64 * 1024,               /* what waits below the queue, but for one longer frame */
  WD_CONTROL_MAX = 64 * 1024,             /* PONGs that the peer does not read */
  WD_IN_FLIGHT_DEFAULT = 1024,
  WD_IN_FLIGHT_CEILING = 64 * 1024,
  WD_SILENT_MAX = 2,
};

typedef enum wd_state {
  WD_OPENING, /* HELLO_ACK isn't in */
  WD_OPEN,
  WD_LEAVING, /* no new calls; those in flight finish */
  WD_CLOSED,
} wd_state;

typedef enum wd_phase { WD_NEW, WD_CONNECTING, WD_SHAKING_HANDS, WD_TALKING } wd_phase;

/* The end of an attempt that got no answer. */
typedef struct wd_failure {
  walletd_status status;
  const char *message;
  const wd_frame *refusal; /* the CONNECTION_ERROR that says it instead */
  bool retry;              /* another attempt has hope */
  bool moved;              /* the connection couldn't take it and another one may: the retry costs nobody anything */
} wd_failure;

typedef struct wd_connection {
  walletd_client *client;
  struct wd_connection *next;
  wd_state state;
  wd_phase phase;
  int socket;       /* -1: none */
  uint32_t watched; /* what epoll was asked for */
  SSL *session;
  bool tls_wants_write; /* a read has to wait for a write */
  bool more;            /* TLS has more to read than the socket knows of */
  bool blocked;         /* the socket takes no more for now */
  bool unwritable;      /* a write failed: what came before that is still read */
  struct addrinfo *addresses, *address;
  int64_t opens_until;
  wd_timer timer; /* of the opening; later of what is still read after a write failed */
  char problem[240];

  walletd_call *queue_first, *queue_last; /* not sent yet */
  wd_flights flights; /* sent, not answered; those that were given up too, since the server still counts them */
  size_t live;        /* of flights, those that somebody waits for */
  uint32_t last_id;
  wd_buffer control;       /* frames that go before requests */
  wd_buffer out;           /* being written */
  uint64_t taken, written; /* bytes that ever went into out, and out of it */
  wd_buffer in;
  size_t frame_max;
  size_t in_flight_max;
  uint32_t request_max, batch_request_max;
  uint64_t heard;  /* frames */
  int64_t used_at; /* when a call was last given to it */
  unsigned silent; /* deadlines in a row that passed without hearing a frame */
} wd_connection;

/* A connection that isn't made yet. NULL: no memory. */
wd_connection *wd_connection_new(walletd_client *client);
void wd_connection_free(wd_connection *connection);
bool wd_connection_accepting(const wd_connection *connection);

/* Takes a call, and makes the connection if it is new. It may have failed when this returns. */
void wd_connection_enqueue(wd_connection *connection, walletd_call *call);

/* Ends the wait for a call; its late answer will be dropped. True if any of it may have been sent; then a CANCEL is. `late`:
   because its deadline passed. */
bool wd_connection_forget(wd_connection *connection, walletd_call *call, bool late);

/* What should have been heard wasn't: the next call gets a new connection. */
void wd_connection_distrust(wd_connection *connection);

/* Lets what is in flight finish here; what is queued has to find another connection. */
void wd_connection_leave(wd_connection *connection, const char *why);
void wd_connection_finish_leaving(wd_connection *connection);

/* Ends the connection and all its calls. */
void wd_connection_lost(wd_connection *connection, const wd_failure *failure);

/* The peer's fault, or ours: asking again would break it again. */
void wd_connection_broken(wd_connection *connection, const char *message);

/* ---- dialing.c */
void wd_connection_dial(wd_connection *connection);
void wd_connection_dialed(wd_connection *connection);
void wd_connection_timer(wd_timer *timer);

/* ---- transport.c */

/* Bytes that were written or read; 0: later; -1: it failed, and `problem` of the connection says why; of a read -2: the end. */
ssize_t wd_transport_write(wd_connection *connection, const uint8_t *bytes, size_t length, wd_failure *failure);
ssize_t wd_transport_read(wd_connection *connection, uint8_t *bytes, size_t length, wd_failure *failure);
/* Goes on with the handshake of TLS. */
void wd_transport_shake_hands(wd_connection *connection);
/* Asks epoll for what the connection waits for now. */
void wd_transport_watch(wd_connection *connection);
void wd_transport_close(wd_connection *connection);

/* ---- writing.c, reading.c */
void wd_connection_flush(wd_connection *connection);
void wd_connection_read(wd_connection *connection);
/* Something is ready. */
void wd_connection_ready(wd_connection *connection, uint32_t events);
bool wd_connection_control(wd_connection *connection, const wd_frame *frame);

#endif
