/* Streams: what has arrived and wasn't read yet, and watches that go on by themselves. */
#ifndef WALLETD_STREAM_H
#define WALLETD_STREAM_H

#include "call.h"

enum {
  WD_EVENTS_BYTES_MAX = 1024 * 1024,
  WD_EVENT_BYTES_MIN = 100, /* what an event counts for at least, with what it takes beside its bytes */
  /* A server gives a sign of life each 15 s. One that doesn't is gone, whatever TCP says. */
  WD_SILENCE_MILLIS = 45000,
};

typedef struct wd_event {
  struct wd_event *next;
  void *value;
  size_t size;
} wd_event;

struct walletd_stream {
  wd_timer timer; /* of silence, or of the next try */
  walletd_client *client;
  walletd_stream *previous, *next;
  walletd_stream *ready_next;
  bool to_tell;
  const wd_verb *verb;
  walletd_call *call; /* the request under way; NULL between tries and at the end */
  walletd_options options;
  int64_t silence; /* microseconds */

  wd_event *first, *last;
  size_t bytes;
  bool over;          /* nothing more comes */
  bool overtaken;     /* the reader was too slow: what is queued is still read, and a watch then goes on */
  bool good;          /* it ended as it should */
  walletd_error *end; /* else why, until the reader has it */

  wd_waiter *waiter;
  walletd_ready *ready;
  void *context;
  bool asked; /* it was read until there was nothing */

  /* Of a watch. */
  bool watches;
  void *request; /* its arena; a walletd_watch_transactions_request without its start */
  char *token;   /* of the last event; NULL: as the request says */
  bool stood;    /* the server has taken it in */
  unsigned failures;
  int64_t patience, lost_since; /* microseconds; 0: none */
};

walletd_status wd_stream_open(walletd_client *client, unsigned verb, const void *request, const walletd_options *options,
    walletd_stream **stream, walletd_error **error);
walletd_next wd_stream_next(walletd_stream *stream, unsigned verb, int timeout_ms, void **event, walletd_error **error);

/* ---- under the mutex */

/* Takes an event of its call. */
void wd_stream_event(walletd_stream *stream, const wd_frame *frame);
/* Its call has ended. */
void wd_stream_call_ended(walletd_stream *stream, walletd_status status, walletd_error *error);
void wd_stream_closed(walletd_stream *stream);
/* Something can be read. */
void wd_stream_tell(walletd_stream *stream);

/* ---- watch.c */
walletd_status wd_watch_prepare(
    walletd_stream *stream, const walletd_watch_transactions_request *request, walletd_error **error);
/* Asks for the stream, or ends it with the error. */
void wd_watch_start(walletd_stream *stream);
/* An event came. False: the reader has it already. `memory` is false when its token can't be kept. */
bool wd_watch_told(walletd_stream *stream, const walletd_watch_event *event, bool *memory);
/* A stream ended. Whether the watch goes on; then its timer is set. */
bool wd_watch_goes_on(walletd_stream *stream, const walletd_error *error);

#endif
