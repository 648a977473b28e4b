/* Calls: what is sent, what became of its attempts, and whom to tell. */
#ifndef WALLETD_CALL_H
#define WALLETD_CALL_H

#include "client.h"
#include "schema.h"

typedef enum wd_call_state {
  WD_CALL_WAITING, /* for its next attempt */
  WD_CALL_QUEUED,  /* on a connection */
  WD_CALL_FLYING,
  WD_CALL_ENDED,
} wd_call_state;

/* The keys of a batch's items, and which of them are of unknown outcome by what the caller says. */
typedef struct wd_items {
  size_t count;
  bool dry_run, atomic;
  bool is_key_open; /* after an answer: the batch's own key is that of an item which stays unknown */
  struct wd_item {
    wd_key *key;
    bool retry_of_unknown;
  } items[];
} wd_items;

struct walletd_call {
  wd_timer timer; /* the deadline, or before it the next attempt */
  walletd_client *client;
  walletd_call *previous, *next;             /* of the client's */
  walletd_call *queue_previous, *queue_next; /* of a connection's queue, or of those that have ended */
  uint64_t id;
  const wd_verb *verb;
  uint8_t *payload;
  size_t length;

  wd_key *key;     /* NULL of reads */
  bool mutates;    /* a dry run has a key and changes nothing */
  wd_items *items; /* of a batch */

  int64_t deadline, retry_at;
  unsigned count; /* attempts that have ended */
  bool unknown;   /* one of them ended unknown */
  wd_call_state state;
  wd_connection *connection;
  uint32_t request_id;
  uint64_t starts_at; /* where its frame begins in all that its connection wrote */
  uint64_t heard_when_sent;

  walletd_status status;
  void *result;
  walletd_error *error; /* made with the call, so that there is one whatever comes */

  walletd_done *done;
  void *context;
  wd_waiter *waiter;
  walletd_stream *stream; /* whose events are answers */
  bool begun;             /* the first event of the stream is in */
};

/* ---- call.c: what verbs.c is made of */
walletd_status wd_call(walletd_client *client, unsigned verb, const void *request, const walletd_options *options,
    void **response, walletd_error **error);
uint64_t wd_call_start(walletd_client *client, unsigned verb, const void *request, const walletd_options *options,
    walletd_done *done, void *context, walletd_error **error);
walletd_status wd_call_finish(walletd_call *call, unsigned verb, void **response, walletd_error **error);

/* A call that isn't sent yet. NULL with an error: it can't be. */
walletd_call *wd_call_new(walletd_client *client, unsigned verb, const void *request, const walletd_options *options,
    walletd_status *status, walletd_error **error);
void wd_call_free(walletd_call *call);

/* ---- under the mutex */

/* Begins its first attempt, or ends it with an error. */
void wd_call_begin(walletd_call *call);
void wd_call_end(walletd_call *call, walletd_status status);
/* Ends the wait for its answer: a deadline, a cancellation. */
void wd_call_give_up(walletd_call *call, walletd_status status, const char *message);

/* ---- attempts.c */

/* Takes what became of an attempt: the call ends, or waits for its next one. */
void wd_attempt_answered(walletd_call *call, const wd_frame *answer);
void wd_attempt_failed(walletd_call *call, const wd_failure *failure, bool sent);
/* Ends the call with an error of its own; `sure`: its last attempt had no effect and never will. */
void wd_attempt_final(walletd_call *call, walletd_status status, const char *message, bool sure);
void wd_attempt_note_unknown(walletd_call *call);

/* ---- batch.c */

/* The keys of the items of a batch, which are written into a copy of them. NULL with an error: they can't be. */
walletd_status wd_batch_prepare(const char *key, const walletd_batch_request *request, walletd_batch_item **items,
    wd_items **kept, walletd_error **error);
void wd_items_free(wd_items *items);
/* Puts keys on the results, and doubts on those of keys that have an unknown attempt. False: it is no answer to the request. */
bool wd_batch_settle(walletd_call *call, walletd_batch_response *response);

#endif
