/* Lists that go through all pages by themselves. */

#include <string.h>

#include "walletd.h"

#define ALL(name, Type, list)                                                                                               \
  walletd_status walletd_all_##name(walletd_client *client, const walletd_list_##name##_request *request,                   \
      const walletd_options *options, bool (*each)(void *context, const Type *one), void *context, walletd_error **error) { \
    walletd_list_##name##_request page = {0};                                                                               \
    if (request) page = *request;                                                                                           \
    walletd_list_##name##_response *response = NULL, *last = NULL;                                                          \
    walletd_status status;                                                                                                  \
    bool more = true;                                                                                                       \
    while ((status = walletd_list_##name(client, &page, options, &response, error)) == WALLETD_OK) {                        \
      walletd_free(last); /* which had the cursor */                                                                        \
      last = response;                                                                                                      \
      for (size_t i = 0; more && i < response->list##_count; i++) more = each(context, &response->list[i]);                 \
      if (!more || *response->next_cursor == '\0') break;                                                                   \
      page.cursor = response->next_cursor;                                                                                  \
    }                                                                                                                       \
    walletd_free(last);                                                                                                     \
    return status;                                                                                                          \
  }

ALL(wallets, walletd_wallet, wallets)
ALL(transactions, walletd_transaction, transactions)
ALL(refusals, walletd_refusal, refusals)
ALL(tokens, walletd_token, tokens)
