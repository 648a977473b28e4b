/* Carries out several mutations in one commit: item by item, and all or nothing. Its argument is the server's address. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <walletd.h>

static void must(walletd_status status, walletd_error **error) {
  if (status == WALLETD_OK) return;
  fprintf(stderr, "%s: %s\n", walletd_status_name(status), (*error)->message);
  exit(1);
}

#define COUNT(list) (sizeof(list) / sizeof *(list))

int main(int count, char **arguments) {
  walletd_error *error = NULL;
  walletd_client *client = walletd_client_new(count > 1 ? arguments[1] : "127.0.0.1:7411", NULL, &error);
  if (!client) must(error->status, &error);
  walletd_wallet_ref shop = {.owner_id = "shop-1", .currency = "EUR"}, user = {.owner_id = "user-41", .currency = "EUR"};

  /* Item by item: each has a result of its own, and one that is refused doesn't hinder the others. */
  walletd_batch_item items[] = {
      {.mutation = WALLETD_BATCH_ITEM_MUTATION_OPEN_WALLET, .open_wallet = {.wallet = shop, .reason = "signup"}},
      {.mutation = WALLETD_BATCH_ITEM_MUTATION_OPEN_WALLET, .open_wallet = {.wallet = user, .reason = "signup"}},
      {.mutation = WALLETD_BATCH_ITEM_MUTATION_CREDIT, .credit = {.wallet = user, .amount = 1000, .reason = "topup"}},
      {.mutation = WALLETD_BATCH_ITEM_MUTATION_DEBIT, .debit = {.wallet = user, .amount = 5000, .reason = "esim.purchase"}},
  };
  walletd_batch_response *done = NULL;
  must(walletd_batch(client, &(walletd_batch_request){.items = items, .items_count = COUNT(items)}, NULL, &done, &error),
      &error);
  for (size_t i = 0; i < done->results_count; i++) {
    const walletd_batch_result *result = &done->results[i];
    if (result->error)
      printf("%zu %s\n", i, walletd_reason_name(result->error->reason));
    else
      printf("%zu balance %" PRId64 "\n", i, result->balance);
  }
  walletd_free(done);

  /* All or nothing: the fee can't be paid, so the purchase isn't either. */
  walletd_batch_item both[] = {
      {.mutation = WALLETD_BATCH_ITEM_MUTATION_TRANSFER,
          .transfer = {.wallet = user, .to = shop, .amount = 900, .reason = "esim.purchase"}},
      {.mutation = WALLETD_BATCH_ITEM_MUTATION_DEBIT, .debit = {.wallet = user, .amount = 200, .reason = "fee"}},
  };
  walletd_status status = walletd_batch(
      client, &(walletd_batch_request){.atomic = true, .items = both, .items_count = COUNT(both)}, NULL, NULL, &error);
  if (status != WALLETD_REJECTED || error->detail.type != WALLETD_DETAIL_TYPE_BATCH_ABORTED) must(status, &error);
  if (error)
    printf("%s by item %u for %s\n", walletd_reason_name(error->reason), error->detail.batch_aborted.index,
        walletd_reason_name(error->detail.batch_aborted.cause->reason));
  walletd_error_free(error);
  walletd_client_free(client);
  return 0;
}
