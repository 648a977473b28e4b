/* Errors: how they are made, and what those of the server mean for a client. */
#ifndef WALLETD_ERROR_H
#define WALLETD_ERROR_H

#include "convert.h"
#include "frame.h"
#include "wallet.pb-c.h"

/* An error with room for its texts, made before anything is done, so that there is one whatever comes. NULL: no memory. */
walletd_error *wd_error_new(void);

/* Writes an error that wd_error_new made. A key or a text that finds no memory is cut. */
void wd_error_write(walletd_error *error, walletd_status status, const char *key, const char *message);

/* Gives `out`, if the caller wants it, an error of its own. Returns the status. */
walletd_status wd_fail(walletd_error **out, walletd_status status, const char *key, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* What a RESPONSE whose status isn't 0, or a CONNECTION_ERROR, stands for: of WALLETD_PROTOCOL when its payload doesn't parse.
   NULL: no memory. */
walletd_error *wd_error_of_answer(const wd_frame *answer);

/* The error within an answer. NULL stays NULL. */
wd_converted wd_error_from(wd_arena *arena, Wallet__V1__Error *message, const walletd_error **error);

/* Whether an answer settles a key for good, whatever became of earlier attempts. */
bool wd_error_resolves(const walletd_error *error, uint8_t flags);

/* Whether the refusal is recorded. A batch's is when that of its item would have been. */
bool wd_error_remembered(const walletd_error *error);

/* Whether the client tries again by itself. */
bool wd_reason_retried(walletd_reason reason);

/* The error of a call that is left in doubt, of what became of its last attempt, which lives on in it. */
void wd_error_doubt(walletd_error *error, const char *key, const walletd_error *last);

#endif
