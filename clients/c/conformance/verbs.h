/* The client's functions for a verb, without their types. */
#ifndef DRIVER_VERBS_H
#define DRIVER_VERBS_H

#include "schema.h"

typedef struct verb {
  const char *name;
  const wd_verb *verb;
  uint64_t (*start)(walletd_client *walletd, const void *request, const walletd_options *options, walletd_done *done,
      void *context, walletd_error **error);
  walletd_status (*finish)(walletd_call *call, void **result, walletd_error **error);
} verb;

const verb *find_verb(const char *name);

#endif
