/* Streams, and cancelling. */
#include <string.h>

#include "driver.h"

static driver *the_driver; /* which callbacks answer for */

typedef struct stream_verb {
  const char *name;
  unsigned verb;
} stream_verb;

static const stream_verb streams[] = {
    {"WatchTransactions", WD_VERB_WATCH_TRANSACTIONS}, {"Verify", WD_VERB_VERIFY}, {"Backup", WD_VERB_BACKUP}};

static walletd_status open_stream(unsigned verb, walletd_client *walletd, const void *request,
    const walletd_options *options, walletd_stream **stream, walletd_error **error) {
  if (verb == WD_VERB_VERIFY) return walletd_verify(walletd, request, options, stream, error);
  if (verb == WD_VERB_BACKUP) return walletd_backup(walletd, request, options, stream, error);
  return walletd_watch_transactions(walletd, request, options, stream, error);
}

static walletd_next next_of(unsigned verb, walletd_stream *stream, void **event, walletd_error **error) {
  walletd_verify_event *verified = NULL;
  walletd_backup_event *backed_up = NULL;
  walletd_watch_event *watched = NULL;
  walletd_next next;
  if (verb == WD_VERB_VERIFY)
    next = walletd_verify_next(stream, 0, &verified, error), *event = verified;
  else if (verb == WD_VERB_BACKUP)
    next = walletd_backup_next(stream, 0, &backed_up, error), *event = backed_up;
  else
    next = walletd_watch_transactions_next(stream, 0, &watched, error), *event = watched;
  return next;
}

static void end(operation *operation, const char *member, json_t *value) {
  walletd_stream_close(operation->stream);
  answer(operation->id, member, value);
  operation_free(the_driver, operation);
}

static void ready(void *context, walletd_stream *stream) {
  operation *operation = context;
  unsigned verb = (unsigned)operation->call;
  for (;;) {
    void *event = NULL;
    walletd_error *error = NULL;
    switch (next_of(verb, stream, &event, &error)) {
    case WALLETD_NEXT_WAIT:
      return;
    case WALLETD_NEXT_END:
      end(operation, "ok", json_object());
      return;
    case WALLETD_NEXT_ERROR:
      end(operation, "error", json_of_error(error));
      walletd_error_free(error);
      return;
    case WALLETD_NEXT_EVENT:
      answer(operation->id, "event", json_of_struct(wd_verbs[verb].response, event));
      walletd_free(event);
      if (++operation->told != operation->limit) continue;
      end(operation, "ok", json_object());
      return;
    }
  }
}

bool start_stream(driver *driver, client *client, const json_t *line) {
  the_driver = driver;
  const json_t *id = json_object_get(line, "id");
  const char *name = json_string_value(json_object_get(line, "verb"));
  const stream_verb *found = NULL;
  for (size_t i = 0; name && i < sizeof streams / sizeof *streams; i++)
    if (strcmp(streams[i].name, name) == 0) found = &streams[i];
  if (!found) {
    answer(id, "error", failure("invalid", "verb: there is no such stream"));
    return false;
  }
  unsigned type = wd_verbs[found->verb].request;
  pool *memory = NULL;
  void *request = pool_alloc(&memory, wd_types[type].size);
  char problem[200];
  walletd_error *error = NULL;
  walletd_stream *stream = NULL;
  walletd_options options = {0};
  int64_t number = 0;
  if (read_int64(json_object_get(line, "timeout_millis"), &number)) options.timeout_millis = (uint32_t)number;
  if (!read_struct(type, json_object_get(line, "args"), request, &memory, problem))
    answer(id, "error", failure("invalid", problem));
  else if (open_stream(found->verb, client->walletd, request, &options, &stream, &error) != WALLETD_OK)
    answer(id, "error", json_of_error(error));
  walletd_error_free(error);
  pool_free(memory);
  if (!stream) return false;
  operation *operation = operation_new(driver, id, client);
  operation->stream = stream;
  operation->call = found->verb;
  if (read_int64(json_object_get(line, "limit"), &number)) operation->limit = number;
  walletd_stream_notify(stream, ready, operation);
  return true;
}

void cancel(driver *driver, const json_t *target) {
  for (operation *operation = driver->operations; operation; operation = operation->next) {
    if (!json_equal(operation->id, target)) continue;
    if (operation->stream)
      end(operation, "error", failure("cancelled", "the stream was cancelled"));
    else
      walletd_cancel(operation->client->walletd, operation->call);
    return;
  }
}
