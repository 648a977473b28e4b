/* How patiently to try again, and what all calls together may spend on it. */
#ifndef WALLETD_RETRY_H
#define WALLETD_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "walletd.h"

/* Keeps retries from becoming the load that they wait to pass: in tenths of a retry. */
typedef struct wd_budget {
  int saved;
} wd_budget;

enum { WD_BUDGET_RETRY = 10, WD_BUDGET_START = 10 * WD_BUDGET_RETRY, WD_BUDGET_MAX = 100 * WD_BUDGET_RETRY };

void wd_budget_earn(wd_budget *budget);
bool wd_budget_spend(wd_budget *budget);

/* A source of jitter, which is no secret. */
typedef struct wd_jitter {
  uint64_t state;
} wd_jitter;

/* From 0 to max. */
int64_t wd_jitter_next(wd_jitter *jitter, int64_t max);

walletd_retry wd_retry_defaults(walletd_retry given);

/* Microseconds to wait after the given count of attempts. */
int64_t wd_retry_wait(const walletd_retry *retry, wd_jitter *jitter, unsigned attempts, uint32_t retry_after_millis);

#endif
