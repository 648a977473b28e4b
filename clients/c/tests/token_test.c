/* Tokens and certificates, against the real server. */
#include <stdlib.h>
#include <time.h>

#include "real.h"

/* A ledger with a token of all that administrators may do, and a server that asks who is calling. */
static server *server_with_admin(char token[200]) {
  static int count;
  char data[128];
  snprintf(data, sizeof data, "%s/ledger-%d", scratch(), count++);
  if (!run(NULL, 0, "%s init --data %s >/dev/null 2>&1", server_program(), data) ||
      !run(token, 200, "%s token create --data %s --principal root --scopes admin,read,credit 2>/dev/null", server_program(),
          data))
    need(NULL);
  return server_over(data, "--auth required");
}

typedef struct last {
  int64_t id;
  walletd_token_kind kind;
  int64_t count;
} last;

static bool see_token(void *context, const walletd_token *token) {
  last *last = context;
  last->id = token->token_id;
  last->kind = token->kind;
  last->count++;
  return true;
}

static void tokens(void) {
  char root[200], token[WALLETD_TOKEN_SIZE];
  server *server = server_with_admin(root);
  walletd_client *admin = client_of(server->address, &(walletd_settings){.token = root});
  walletd_error *error = NULL, *kept = NULL;
  uint8_t secret[WALLETD_SECRET_SIZE], digest[WALLETD_SECRET_SIZE], same[WALLETD_SECRET_SIZE];
  CHECK(walletd_token_secret(secret, digest));
  walletd_token_digest(secret, same);
  CHECK(memcmp(digest, same, sizeof same) == 0);
  const char *scopes[] = {"read", "credit"}, *currencies[] = {"EUR"};
  walletd_create_token_request create = {.principal = "till-7",
      .credential = WALLETD_CREATE_TOKEN_REQUEST_CREDENTIAL_SECRET_DIGEST,
      .secret_digest = {.data = digest, .length = sizeof digest},
      .scopes = scopes,
      .scopes_count = 2,
      .currencies = currencies,
      .currencies_count = 1,
      .owner_prefix = "user-",
      .max_amount = 500,
      .expires_at_micros = ((int64_t)time(NULL) + 3600) * 1000000,
      .reason = "new.till",
      .idempotency_key = "token-till-7"};
  walletd_administration_response *created = NULL, *again = NULL;
  CHECK_OK(walletd_create_token(admin, &create, NULL, &created, &error));
  CHECK_OK(walletd_create_token(admin, &create, NULL, &again, &error));
  need(created);
  CHECK(again && again->replayed && again->row.id == created->row.id && created->row.token_id == created->row.id);
  walletd_free(again);
  walletd_token_text(secret, created->row.id, token);
  last last = {0};
  CHECK_OK(walletd_all_tokens(admin, &(walletd_list_tokens_request){.page_size = 1}, NULL, see_token, &last, &error));
  CHECK_INT(last.id, created->row.id);
  CHECK_INT(last.kind, WALLETD_TOKEN_KIND_SECRET);

  walletd_client *till = client_of(server->address, &(walletd_settings){.token = token});
  walletd_wallet_ref wallet = opened(till, "user-17", "EUR");
  walletd_mutation_response *response = credited(till, wallet, 500);
  CHECK_TEXT(response->transaction.actor, "till-7");
  walletd_free(response);
  walletd_debit_request take = {.wallet = wallet, .amount = 1, .reason = "test"};
  CHECK_KEPT(walletd_debit(till, &take, NULL, NULL, &error), WALLETD_REJECTED, &kept);
  if (kept) CHECK_TEXT(kept->detail.scope.rule, "scope");
  walletd_error_free(kept);
  walletd_credit_request much = {.wallet = wallet, .amount = 501, .reason = "test"};
  CHECK_KEPT(walletd_credit(till, &much, NULL, NULL, &error), WALLETD_REJECTED, &kept);
  if (kept) CHECK_TEXT(kept->detail.scope.rule, "max_amount");
  walletd_error_free(kept);
  walletd_revoke_token_request revoke = {.token_id = created->row.id, .reason = "till.gone"};
  CHECK_OK(walletd_revoke_token(admin, &revoke, NULL, NULL, &error));
  CHECK_KEPT(walletd_get_balance(till, &(walletd_get_balance_request){.wallet = wallet}, NULL, NULL, &error),
      WALLETD_UNAUTHENTICATED, &kept);
  if (kept) {
    CHECK_INT(kept->reason, WALLETD_REASON_UNAUTHENTICATED);
    CHECK_TEXT(kept->detail.scope.rule, "revoked");
    CHECK(strstr(kept->message, token) == NULL);
  }
  walletd_error_free(kept);
  walletd_free(created);
  walletd_client_free(till);
  walletd_client_free(admin);
  server_free(server);
}

static void a_wrong_token(void) {
  char root[200];
  server *server = server_with_admin(root);
  static const struct {
    const char *token, *rule;
  } cases[] = {{NULL, "missing"}, {"wlt_1_0000000000000000000000000000000000000000000000000000000000000000", "wrong"}};
  for (size_t i = 0; i < 2; i++) {
    walletd_settings settings = eager;
    settings.token = cases[i].token;
    walletd_client *client = client_of(server->address, &settings);
    walletd_error *error = NULL, *kept = NULL;
    int64_t started = now_millis();
    CHECK_KEPT(debit(client, NULL, &error), WALLETD_UNAUTHENTICATED, &kept);
    CHECK(now_millis() - started < PATIENCE_MILLIS);
    if (kept) {
      CHECK_TEXT(kept->detail.scope.rule, cases[i].rule);
      CHECK_TEXT(kept->key, test_key);
    }
    walletd_error_free(kept);
    walletd_client_free(client);
  }
  server_free(server);
}

/* A secret that is known: the text has to be the server's. */
static void the_text_of_a_token(void) {
  uint8_t secret[WALLETD_SECRET_SIZE];
  for (size_t i = 0; i < sizeof secret; i++) secret[i] = (uint8_t)i;
  char token[WALLETD_TOKEN_SIZE];
  walletd_token_text(secret, INT64_MAX, token);
  CHECK_TEXT(token, "wlt_9223372036854775807_000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
}

LIST(token_tests, HEAVY(tokens), HEAVY(a_wrong_token), T(the_text_of_a_token));
