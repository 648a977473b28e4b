/* What conformance tells, and how it is carried out: clients/conformance/DRIVER.md. */
#ifndef DRIVER_H
#define DRIVER_H

#include "values.h"

typedef struct client {
  struct client *next;
  char *name; /* NULL: another one has it now */
  walletd_client *walletd;
} client;

/* A call or a stream under way. */
typedef struct operation {
  struct operation *previous, *next;
  json_t *id;
  client *client;
  const struct verb *verb;
  uint64_t call;          /* its id, or 0 */
  walletd_stream *stream; /* or this */
  int64_t limit, told;    /* events; 0: no limit */
  uint8_t secret[WALLETD_SECRET_SIZE];
  bool has_secret; /* of a token to be made */
} operation;

typedef struct driver {
  client *clients;
  operation *operations;
} driver;

/* ---- main.c */
void answer(const json_t *id, const char *member, json_t *value); /* takes the value */
operation *operation_new(driver *driver, const json_t *id, client *client);
void operation_free(driver *driver, operation *operation);

/* ---- verbs.c, streams.c, quick.c */
bool start_call(driver *driver, client *client, const json_t *line);
bool start_stream(driver *driver, client *client, const json_t *line);
bool do_quick(const char *op, const json_t *line);
void cancel(driver *driver, const json_t *target);

#endif
