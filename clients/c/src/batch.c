/* Batches: the keys of their items, and what an answer says of each. */

#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "error.h"

enum { ITEMS_MAX = 8190 };

/* An item's alternative is a struct whose type has its key; the tables say where. */
static const wd_field *field_of_item(const walletd_batch_item *item) {
  const wd_type *type = &wd_types[WD_BATCH_ITEM];
  for (size_t i = 0; i < type->fields_count; i++)
    if (type->fields[i].tag == (unsigned)item->mutation) return &type->fields[i];
  return NULL;
}

static const char *key_of_item(const walletd_batch_item *item, const wd_field *field) {
  const char *key;
  memcpy(&key, (const char *)item + field->offset + wd_types[field->type].key_at, sizeof key);
  return key && *key ? key : NULL;
}

static bool is_dry_run(const walletd_batch_item *item, const wd_field *field) {
  return *(const bool *)((const char *)item + field->offset + wd_types[field->type].dry_run_at);
}

void wd_items_free(wd_items *items) {
  if (!items) return;
  for (size_t i = 0; i < items->count; i++) wd_key_release(items->items[i].key);
  free(items);
}

/* The key of an item that isn't of an atomic batch. */
static walletd_status key_item(const char *first, size_t index, walletd_batch_item *item, const wd_field *field,
    struct wd_item *kept, walletd_error **error) {
  char counted[WALLETD_KEY_SIZE];
  const char *key = key_of_item(item, field);
  if (!key) {
    if (!wd_counted_key(first, index, counted))
      return wd_fail(error, WALLETD_INVALID, first,
          "idempotency_key: the key that items get theirs from is a UUID in lower case, not \"%s\"", first);
    key = counted;
  }
  kept->key = wd_key_new(key, strlen(key));
  if (!kept->key) return wd_fail(error, WALLETD_NO_MEMORY, first, "there is no memory for the keys");
  const char *text = kept->key->text;
  memcpy((char *)item + field->offset + wd_types[field->type].key_at, &text, sizeof text);
  return WALLETD_OK;
}

static walletd_status prepare_item(const walletd_batch_request *request, const char *key, size_t index,
    walletd_batch_item *item, struct wd_item *kept, walletd_error **error) {
  const wd_field *field = field_of_item(item);
  if (!field) return wd_fail(error, WALLETD_INVALID, key, "items[%zu].mutation: it is none", index);
  if (is_dry_run(item, field))
    return wd_fail(
        error, WALLETD_INVALID, key, "items[%zu].%s.dry_run: that of the batch is for all of it", index, field->name);
  kept->retry_of_unknown = item->retry_of_unknown;
  if (!request->atomic) return key_item(key, index, item, field, kept, error);
  if (key_of_item(item, field))
    return wd_fail(error, WALLETD_INVALID, key, "items[%zu].%s.idempotency_key: an atomic batch has one key for all", index,
        field->name);
  return WALLETD_OK;
}

walletd_status wd_batch_prepare(const char *key, const walletd_batch_request *request, walletd_batch_item **items,
    wd_items **kept, walletd_error **error) {
  size_t count = request->items_count;
  *items = NULL;
  *kept = NULL;
  if (count < 1 || count > ITEMS_MAX || !request->items)
    return wd_fail(error, WALLETD_INVALID, key, "items: there are %zu, and a batch has 1 to %d", count, ITEMS_MAX);
  *items = malloc(count * sizeof **items);
  *kept = calloc(1, sizeof **kept + count * sizeof *(*kept)->items);
  walletd_status status = WALLETD_OK;
  if (*items && *kept) {
    memcpy(*items, request->items, count * sizeof **items);
    **kept = (wd_items){.count = count, .atomic = request->atomic, .dry_run = request->dry_run};
    for (size_t i = 0; i < count && status == WALLETD_OK; i++)
      status = prepare_item(request, key, i, &(*items)[i], &(*kept)->items[i], error);
  } else {
    status = wd_fail(error, WALLETD_NO_MEMORY, key, "there is no memory for the batch");
  }
  if (status == WALLETD_OK) return status;
  wd_items_free(*kept);
  free(*items);
  *items = NULL;
  *kept = NULL;
  return status;
}

/* ---------------------------------------------------------------- answers */

/* An error that doesn't say what became of an earlier attempt. */
static const walletd_error *doubted(wd_arena *arena, const walletd_error *error) {
  walletd_error *doubt = wd_alloc_zeroed(arena, sizeof *doubt);
  if (!doubt) return NULL;
  doubt->status = WALLETD_OUTCOME_UNKNOWN;
  doubt->message = "whether it took place is unknown, and the answer to this attempt doesn't tell";
  doubt->key = error->key;
  doubt->cause = error;
  return doubt;
}

static bool settle_item(walletd_call *call, struct wd_item *item, walletd_batch_result *result, const char *key) {
  wd_arena *arena = wd_arena_of(call->result);
  if (item->key) key = wd_copy_text(arena, item->key->text, strlen(item->key->text));
  if (!key) return false;
  result->key = key;
  bool unknown = !call->items->dry_run && item->key &&
                 (item->retry_of_unknown || call->unknown || wd_unresolved_has(&call->client->unresolved, item->key));
  if (result->error) {
    walletd_error *error = (walletd_error *)(uintptr_t)result->error; /* it is in the result's arena */
    error->key = key;
    if (unknown && !wd_error_remembered(error)) {
      /* The first item has the batch's own key, unless it brings another. */
      if (strcmp(item->key->text, call->key->text) == 0) call->items->is_key_open = true;
      return (result->error = doubted(arena, error)) != NULL;
    }
  }
  /* A dry run settles nothing. */
  if (item->key && !call->items->dry_run) wd_unresolved_remove(&call->client->unresolved, item->key);
  return true;
}

bool wd_batch_settle(walletd_call *call, walletd_batch_response *response) {
  if (response->results_count != call->items->count) return false;
  for (size_t i = 0; i < response->results_count; i++) {
    walletd_batch_result *result = (walletd_batch_result *)(uintptr_t)&response->results[i]; /* so are these */
    if (!settle_item(call, &call->items->items[i], result, response->key)) return false;
  }
  return true;
}
