/* Calls: the driver hands arguments to the client's typed functions. */
#include "verbs.h"

#include <string.h>

#include "driver.h"

/* Each verb that has one answer, with the structs of its request and its answer. */
#define VERBS(EACH)                                                                          \
  EACH(Ping, ping, PING, ping_response)                                                      \
  EACH(GetSchema, get_schema, GET_SCHEMA, get_schema_response)                               \
  EACH(GetServerInfo, get_server_info, GET_SERVER_INFO, get_server_info_response)            \
  EACH(OpenWallet, open_wallet, OPEN_WALLET, mutation_response)                              \
  EACH(GetWallet, get_wallet, GET_WALLET, get_wallet_response)                               \
  EACH(ListWallets, list_wallets, LIST_WALLETS, list_wallets_response)                       \
  EACH(GetBalance, get_balance, GET_BALANCE, get_balance_response)                           \
  EACH(Debit, debit, DEBIT, mutation_response)                                               \
  EACH(Credit, credit, CREDIT, mutation_response)                                            \
  EACH(ListTransactions, list_transactions, LIST_TRANSACTIONS, list_transactions_response)   \
  EACH(Transfer, transfer, TRANSFER, transfer_response)                                      \
  EACH(Hold, hold, HOLD, mutation_response)                                                  \
  EACH(Capture, capture, CAPTURE, mutation_response)                                         \
  EACH(Release, release, RELEASE, mutation_response)                                         \
  EACH(Refund, refund, REFUND, mutation_response)                                            \
  EACH(Freeze, freeze, FREEZE, mutation_response)                                            \
  EACH(Unfreeze, unfreeze, UNFREEZE, mutation_response)                                      \
  EACH(SetLimits, set_limits, SET_LIMITS, mutation_response)                                 \
  EACH(CloseWallet, close_wallet, CLOSE_WALLET, mutation_response)                           \
  EACH(Batch, batch, BATCH, batch_response)                                                  \
  EACH(GetBalanceAt, get_balance_at, GET_BALANCE_AT, get_balance_at_response)                \
  EACH(ExplainBalance, explain_balance, EXPLAIN_BALANCE, explain_balance_response)           \
  EACH(ListRefusals, list_refusals, LIST_REFUSALS, list_refusals_response)                   \
  EACH(TrialBalance, trial_balance, TRIAL_BALANCE, trial_balance_response)                   \
  EACH(RegisterCurrency, register_currency, REGISTER_CURRENCY, administration_response)      \
  EACH(AddCounterAccount, add_counter_account, ADD_COUNTER_ACCOUNT, administration_response) \
  EACH(CreateToken, create_token, CREATE_TOKEN, administration_response)                     \
  EACH(RevokeToken, revoke_token, REVOKE_TOKEN, administration_response)                     \
  EACH(ListTokens, list_tokens, LIST_TOKENS, list_tokens_response)

#define FUNCTIONS(Name, name, NAME, response)                                                                \
  static uint64_t start_##name(walletd_client *walletd, const void *request, const walletd_options *options, \
      walletd_done *done, void *context, walletd_error **error) {                                            \
    return walletd_##name##_start(walletd, request, options, done, context, error);                          \
  }                                                                                                          \
  static walletd_status finish_##name(walletd_call *call, void **result, walletd_error **error) {            \
    walletd_##response *made = NULL;                                                                         \
    walletd_status status = walletd_##name##_finish(call, &made, error);                                     \
    *result = made;                                                                                          \
    return status;                                                                                           \
  }
VERBS(FUNCTIONS)

#define ROW(Name, name, NAME, response) {#Name, &wd_verbs[WD_VERB_##NAME], start_##name, finish_##name},
static const verb verbs[] = {VERBS(ROW)};

static driver *the_driver; /* which callbacks answer for */

/* ---------------------------------------------------------------- answers */

static void merge(json_t *object, const char *member) {
  json_object_update_missing(object, json_object_get(object, member));
}

static json_t *json_of_items(const walletd_batch_response *batch) {
  json_t *list = must_have(json_array());
  for (size_t i = 0; i < batch->results_count; i++) {
    const walletd_batch_result *result = &batch->results[i];
    json_t *one = must_have(json_object());
    if (result->error) {
      json_object_set_new(one, "error", json_of_error(result->error));
    } else {
      json_t *done = json_of_struct(WD_BATCH_RESULT, result);
      json_object_set(done, "version", json_object_get(done, "wallet_version")); /* its name in other answers */
      json_object_set_new(one, "ok", done);
    }
    json_array_append_new(list, one);
  }
  return list;
}

static json_t *json_of_answer(const operation *operation, const void *result) {
  unsigned type = operation->verb->verb->response;
  json_t *object = json_of_struct(type, result);
  if (type == WD_TRANSFER_RESPONSE) merge(object, "source"); /* the figures that every mutation has */
  if (type == WD_GET_WALLET_RESPONSE) merge(object, "wallet");
  if (type == WD_BATCH_RESPONSE) json_object_set_new(object, "results", json_of_items(result));
  if (operation->has_secret) {
    const walletd_administration_response *created = result;
    char token[WALLETD_TOKEN_SIZE];
    walletd_token_text(operation->secret, created->row.id, token);
    if (created->row.id != 0) json_object_set_new(object, "token", json_string(token));
  }
  return object;
}

static void done(void *context, walletd_call *call) {
  operation *operation = context;
  void *result = NULL;
  walletd_error *error = NULL;
  if (operation->verb->finish(call, &result, &error) == WALLETD_OK)
    answer(operation->id, "ok", json_of_answer(operation, result));
  else
    answer(operation->id, "error", json_of_error(error));
  walletd_free(result);
  walletd_error_free(error);
  operation_free(the_driver, operation);
}

/* ---------------------------------------------------------------- arguments */

/* A token's secret: that of the arguments, else a new one, unless something else lets the principal in. */
static bool read_secret(const json_t *given, operation *operation, walletd_create_token_request *request, pool **pool_at,
    uint8_t digest[WALLETD_SECRET_SIZE]) {
  uint8_t *bytes;
  size_t length;
  if (request->credential != WALLETD_CREATE_TOKEN_REQUEST_CREDENTIAL_NONE) return true;
  if (!walletd_token_secret(operation->secret, digest)) return false;
  if (given) {
    if (!read_hex(given, pool_at, &bytes, &length) || length != WALLETD_SECRET_SIZE) return false;
    memcpy(operation->secret, bytes, length);
    walletd_token_digest(operation->secret, digest);
  }
  operation->has_secret = true;
  request->credential = WALLETD_CREATE_TOKEN_REQUEST_CREDENTIAL_SECRET_DIGEST;
  request->secret_digest = (walletd_bytes){.data = digest, .length = WALLETD_SECRET_SIZE};
  return true;
}

const verb *find_verb(const char *name) {
  for (size_t i = 0; name && i < sizeof verbs / sizeof *verbs; i++)
    if (strcmp(verbs[i].name, name) == 0) return &verbs[i];
  return NULL;
}

static walletd_options options_of(const json_t *line) {
  walletd_options options = {.retry_of_unknown = json_is_true(json_object_get(line, "retry_of_unknown"))};
  int64_t millis = 0;
  if (read_int64(json_object_get(line, "timeout_millis"), &millis) && millis > 0) options.timeout_millis = (uint32_t)millis;
  return options;
}

bool start_call(driver *driver, client *client, const json_t *line) {
  the_driver = driver;
  const json_t *id = json_object_get(line, "id");
  const verb *verb = find_verb(json_string_value(json_object_get(line, "verb")));
  if (!verb) {
    answer(id, "error", failure("invalid", "verb: it is not known"));
    return false;
  }
  json_t *args = json_object_get(line, "args");
  json_t *secret = NULL;
  if (verb->verb->request == WD_CREATE_TOKEN_REQUEST && (secret = json_incref(json_object_get(args, "secret"))))
    json_object_del(args, "secret");
  pool *memory = NULL;
  void *request = pool_alloc(&memory, wd_types[verb->verb->request].size);
  char problem[200];
  operation *operation = operation_new(driver, id, client);
  operation->verb = verb;
  uint8_t digest[WALLETD_SECRET_SIZE];
  bool fits = read_struct(verb->verb->request, args, request, &memory, problem);
  if (fits && verb->verb->request == WD_CREATE_TOKEN_REQUEST && !read_secret(secret, operation, request, &memory, digest)) {
    strcpy(problem, "secret: it has 32 bytes in hexadecimal digits");
    fits = false;
  }
  walletd_error *error = NULL;
  walletd_options options = options_of(line);
  if (fits) operation->call = verb->start(client->walletd, request, &options, done, operation, &error);
  bool started = operation->call != 0;
  if (!started) {
    answer(id, "error", fits ? json_of_error(error) : failure("invalid", problem));
    walletd_error_free(error);
    operation_free(driver, operation);
  }
  json_decref(secret);
  pool_free(memory);
  return started;
}
