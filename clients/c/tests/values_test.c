/* Money, keys, retries and the small structures. */
#include <stdlib.h>
#include <time.h>

#include "flights.h"
#include "heap.h"
#include "keys.h"
#include "retry.h"
#include "test.h"

static void money_is_parsed_exactly(void) {
  static const struct {
    const char *text;
    unsigned exponent;
    int64_t amount;
  } good[] = {{"12.30", 2, 1230}, {"12.3", 2, 1230}, {"12", 2, 1200}, {"0", 0, 0}, {"-0.01", 2, -1}, {"-0", 2, 0},
      {"9223372036854775807", 0, INT64_MAX}, {"-9223372036854775808", 0, INT64_MIN}, {"92233720368547758.07", 2, INT64_MAX},
      {"-92233720368547758.08", 2, INT64_MIN}, {"1.234", 3, 1234}, {"0000000000000000000000000012.30", 2, 1230},
      {"0", 1000, 0}, {"0.000000000000000001", 18, 1}};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    int64_t amount = 42;
    CHECK_INT(walletd_money_parse(good[i].text, good[i].exponent, &amount), WALLETD_MONEY_OK);
    CHECK_INT(amount, good[i].amount);
  }
  static const struct {
    const char *text;
    unsigned exponent;
    walletd_money problem;
  } bad[] = {{"12.345", 2, WALLETD_MONEY_TOO_PRECISE}, {"12.300", 2, WALLETD_MONEY_TOO_PRECISE},
      {"1.0", 0, WALLETD_MONEY_TOO_PRECISE}, {"1e3", 2, WALLETD_MONEY_NOT_A_NUMBER}, {"+1", 2, WALLETD_MONEY_NOT_A_NUMBER},
      {" 1", 2, WALLETD_MONEY_NOT_A_NUMBER}, {"1 ", 2, WALLETD_MONEY_NOT_A_NUMBER}, {"1,000", 2, WALLETD_MONEY_NOT_A_NUMBER},
      {"", 2, WALLETD_MONEY_NOT_A_NUMBER}, {"-", 2, WALLETD_MONEY_NOT_A_NUMBER}, {".5", 2, WALLETD_MONEY_NOT_A_NUMBER},
      {"5.", 2, WALLETD_MONEY_NOT_A_NUMBER}, {"1.2.3", 2, WALLETD_MONEY_NOT_A_NUMBER},
      {"--1", 2, WALLETD_MONEY_NOT_A_NUMBER}, {"\xd9\xa1", 2, WALLETD_MONEY_NOT_A_NUMBER},
      {"0x1", 2, WALLETD_MONEY_NOT_A_NUMBER}, {"9223372036854775808", 0, WALLETD_MONEY_TOO_LARGE},
      {"-9223372036854775809", 0, WALLETD_MONEY_TOO_LARGE}, {"92233720368547758.08", 2, WALLETD_MONEY_TOO_LARGE},
      {"1", 19, WALLETD_MONEY_TOO_LARGE}, {NULL, 2, WALLETD_MONEY_NOT_A_NUMBER}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    int64_t amount = 42;
    CHECK_INT(walletd_money_parse(bad[i].text, bad[i].exponent, &amount), bad[i].problem);
    CHECK_INT(amount, 42);
  }
}

static void money_is_written_exactly(void) {
  static const struct {
    int64_t amount;
    unsigned exponent;
    const char *text;
  } cases[] = {{1230, 2, "12.30"}, {-1, 2, "-0.01"}, {0, 2, "0.00"}, {5, 0, "5"}, {-5, 3, "-0.005"},
      {INT64_MAX, 2, "92233720368547758.07"}, {INT64_MIN, 18, "-9.223372036854775808"},
      {INT64_MIN, 0, "-9223372036854775808"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[WALLETD_MONEY_SIZE];
    int64_t amount;
    size_t length = walletd_money_format(cases[i].amount, cases[i].exponent, text, sizeof text);
    CHECK_TEXT(text, cases[i].text);
    CHECK_INT(length, strlen(cases[i].text));
    CHECK(walletd_money_parse(text, cases[i].exponent, &amount) == WALLETD_MONEY_OK && amount == cases[i].amount);
  }
  char cut[4];
  CHECK_INT(walletd_money_format(1230, 2, cut, sizeof cut), 5);
  CHECK_TEXT(cut, "12.");
  CHECK_INT(walletd_money_format(1230, 2, NULL, 0), 5);
}

static void keys_are_uuids_of_version_7(void) {
  char before[WALLETD_KEY_SIZE] = "", key[WALLETD_KEY_SIZE];
  for (int i = 0; i < 1000; i++) {
    CHECK(walletd_new_key(key));
    CHECK(strlen(key) == 36 && key[8] == '-' && key[13] == '-' && key[14] == '7' && key[18] == '-' && key[23] == '-');
    CHECK(strchr("89ab", key[19]) != NULL);
    CHECK(strcmp(key, before) != 0 && strncmp(key, before, 8) >= 0); /* the time comes first */
    memcpy(before, key, sizeof key);
  }
  char text[20] = {0};
  memcpy(text, key, 8);
  memcpy(text + 8, key + 9, 4);
  CHECK(llabs((long long)strtoull(text, NULL, 16) / 1000 - (long long)time(NULL)) < 60);
}

static void keys_of_items_are_counted(void) {
  char key[WALLETD_KEY_SIZE];
  CHECK(wd_counted_key("0190163d-8694-739b-aea5-966c26f8ad91", 0, key));
  CHECK_TEXT(key, "0190163d-8694-739b-aea5-966c26f8ad91");
  CHECK(wd_counted_key("0190163d-8694-739b-aea5-966c26f8ad91", 111, key));
  CHECK_TEXT(key, "0190163d-8694-739b-aea5-966c26f8ae00");
  CHECK(wd_counted_key("0190163d-8694-739b-bfff-ffffffffffff", 1, key)); /* version and variant stay */
  CHECK_TEXT(key, "0190163d-8694-739b-8000-000000000000");
  CHECK(!wd_counted_key("0190163D-8694-739b-aea5-966c26f8ad91", 0, key));
  CHECK(!wd_counted_key("order-17", 0, key));
}

static void the_newest_keys_are_remembered(void) {
  wd_unresolved *keys = need(calloc(1, sizeof *keys));
  char text[20];
  for (int i = 0; i <= WD_UNRESOLVED_MAX; i++) {
    wd_key *key = need(wd_key_new(text, (size_t)snprintf(text, sizeof text, "key-%d", i)));
    wd_unresolved_add(keys, key);
    wd_unresolved_add(keys, key);
    wd_key_release(key);
  }
  CHECK_INT(keys->count, WD_UNRESOLVED_MAX);
  static const struct {
    const char *text;
    bool there;
  } cases[] = {{"key-0", false}, {"key-1", true}, {"key-10000", true}, {"key-10001", false}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    wd_key *key = need(wd_key_new(cases[i].text, strlen(cases[i].text)));
    CHECK_INT(wd_unresolved_has(keys, key), cases[i].there);
    wd_unresolved_remove(keys, key);
    CHECK(!wd_unresolved_has(keys, key));
    wd_key_release(key);
  }
  CHECK_INT(keys->count, WD_UNRESOLVED_MAX - 2);
  wd_unresolved_free(keys);
  free(keys);
}

static void waits_grow_within_their_bounds(void) {
  wd_jitter jitter = {.state = 7};
  walletd_retry retry = wd_retry_defaults((walletd_retry){0});
  CHECK_INT(retry.attempts_max, 6);
  static const int64_t whole[] = {50000, 100000, 200000, 400000, 800000, 1600000, 2000000, 2000000};
  for (unsigned n = 1; n <= 8; n++) {
    int64_t least = INT64_MAX, most = 0;
    for (int i = 0; i < 1000; i++) {
      int64_t wait = wd_retry_wait(&retry, &jitter, n, 0);
      least = wait < least ? wait : least;
      most = wait > most ? wait : most;
    }
    CHECK(least >= whole[n - 1] / 2 && most <= whole[n - 1]);
    CHECK(most - least > whole[n - 1] / 4); /* they differ */
  }
  for (int i = 0; i < 100; i++) {
    int64_t wait = wd_retry_wait(&retry, &jitter, 1, 3000);
    CHECK(wait >= 3000000 && wait <= 3050000);
  }
  CHECK(wd_retry_wait(&retry, &jitter, UINT32_MAX, 0) <= 2000000);
}

static void the_budget_is_earned_by_tenths(void) {
  wd_budget budget = {.saved = WD_BUDGET_START};
  for (int i = 0; i < 10; i++) CHECK(wd_budget_spend(&budget));
  CHECK(!wd_budget_spend(&budget));
  for (int i = 0; i < 9; i++) wd_budget_earn(&budget);
  CHECK(!wd_budget_spend(&budget));
  wd_budget_earn(&budget);
  CHECK(wd_budget_spend(&budget));
  for (int i = 0; i < 5000; i++) wd_budget_earn(&budget);
  int spent = 0;
  while (wd_budget_spend(&budget)) spent++;
  CHECK_INT(spent, 100);
}

static void timers_come_in_their_order(void) {
  enum { COUNT = 500 };
  wd_heap heap = {0};
  wd_timer *timers = need(calloc(COUNT, sizeof *timers));
  unsigned random = 1;
  for (int i = 0; i < COUNT; i++) CHECK(wd_timer_init(&heap, &timers[i], NULL));
  for (int round = 0; round < 3; round++) {
    for (int i = 0; i < COUNT; i++) {
      random = random * 1103515245 + 12345;
      wd_timer_set(&heap, &timers[i], random >> 16);
      if (random >> 28 == 3) wd_timer_unset(&heap, &timers[(random >> 8) % COUNT]);
    }
  }
  int64_t before = -1;
  while (heap.count > 0) {
    CHECK(wd_heap_next(&heap) >= before);
    before = wd_heap_next(&heap);
    wd_timer_unset(&heap, heap.timers[1]);
  }
  CHECK(wd_heap_next(&heap) == INT64_MAX);
  for (int i = 0; i < COUNT; i++) wd_timer_drop(&heap, &timers[i]);
  CHECK_INT(heap.owners, 0);
  free(heap.timers);
  free(timers);
}

static void flights_are_found_until_they_land(void) {
  enum { IDS = 400 };
  wd_flights flights = {0};
  bool there[IDS] = {false};
  unsigned random = 7, count = 0;
  for (int i = 0; i < 20000; i++) {
    random = random * 1103515245 + 12345;
    unsigned id = (random >> 16) % IDS;
    wd_flight *flight = wd_flights_find(&flights, id * 64 + 1); /* they collide */
    CHECK_INT(flight != NULL, there[id]);
    if (flight) {
      wd_flights_remove(&flights, flight);
      count--;
    } else {
      CHECK(wd_flights_reserve(&flights));
      wd_flights_add(&flights, id * 64 + 1, NULL);
      count++;
    }
    there[id] = !there[id];
    CHECK_INT(flights.count, count);
  }
  CHECK(wd_flights_find(&flights, 0) == NULL);
  wd_flights_free(&flights);
}

static void names_and_kinds(void) {
  CHECK_TEXT(walletd_version(), WALLETD_VERSION);
  CHECK_TEXT(walletd_reason_name(WALLETD_REASON_INSUFFICIENT_FUNDS), "INSUFFICIENT_FUNDS");
  CHECK(walletd_reason_name((walletd_reason)9999) == NULL);
  CHECK_TEXT(walletd_transaction_kind_name(WALLETD_TRANSACTION_KIND_TRANSFER_OUT), "TRANSFER_OUT");
  CHECK_TEXT(walletd_status_name(WALLETD_OUTCOME_UNKNOWN), "outcome_unknown");
  CHECK_TEXT(walletd_status_name((walletd_status)99), "unknown");
  CHECK(!walletd_not_executed(WALLETD_OK) && !walletd_not_executed(WALLETD_REJECTED));
  CHECK(!walletd_not_executed(WALLETD_OUTCOME_UNKNOWN) && walletd_not_executed(WALLETD_INVALID));
  int remembered = 0;
  for (int reason = 0; reason < 60; reason++) remembered += walletd_reason_remembered((walletd_reason)reason);
  CHECK_INT(remembered, 23); /* docs/ERRORS.md */
  CHECK(!walletd_reason_remembered(WALLETD_REASON_VERSION_CONFLICT));
  walletd_free(NULL);
  walletd_error_free(NULL);
  walletd_client_free(NULL);
  walletd_stream_close(NULL);
}

LIST(value_tests, T(money_is_parsed_exactly), T(money_is_written_exactly), T(keys_are_uuids_of_version_7),
    T(keys_of_items_are_counted), T(the_newest_keys_are_remembered), T(waits_grow_within_their_bounds),
    T(the_budget_is_earned_by_tenths), T(timers_come_in_their_order), T(flights_are_found_until_they_land),
    T(names_and_kinds));
