/* Prints every transaction as it is committed. Its arguments are the server's address and, to go on where it was, the last
   token. */
#include <inttypes.h>
#include <stdio.h>
#include <walletd.h>

int main(int count, char **arguments) {
  walletd_client *client = walletd_client_new(count > 1 ? arguments[1] : "127.0.0.1:7411", NULL, NULL);
  walletd_watch_transactions_request from = {0};
  if (count > 2) {
    from.start = WALLETD_WATCH_TRANSACTIONS_REQUEST_START_RESUME_TOKEN;
    from.resume_token = arguments[2];
  }
  walletd_error *error = NULL;
  walletd_stream *watch = NULL;
  walletd_watch_event *event = NULL;
  walletd_watch_transactions(client, &from, NULL, &watch, &error);
  while (watch && walletd_watch_transactions_next(watch, -1, &event, &error) == WALLETD_NEXT_EVENT) {
    const walletd_transaction *row = event->transaction;
    if (row)
      printf(
          "%s %" PRId64 " to %" PRId64 "\n", walletd_transaction_kind_name(row->kind), event->balance_before, row->balance);
    /* Keep it with what was made of the event: none is missed, none is taken twice. */
    printf("token %s\n", event->resume_token);
    fflush(stdout);
    walletd_free(event);
  }
  if (error) fprintf(stderr, "%s: %s\n", walletd_status_name(error->status), error->message);
  walletd_error_free(error);
  walletd_stream_close(watch);
  walletd_client_free(client);
  return 1; /* a watch has no end of its own */
}
