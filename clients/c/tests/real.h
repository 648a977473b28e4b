/* The real server, and a proxy before it that misbehaves as it is told. */
#ifndef REAL_H
#define REAL_H

#include <sys/types.h>

#include "test.h"

typedef struct server {
  char address[64];
  char data[128];
  char options[600];
  pid_t pid;
} server;

/* Starts the server that WALLETD names over a folder of its own, on a free port of loopback; with options, or NULL. */
server *server_new(const char *options);
/* The same over a folder that is there. */
server *server_over(const char *data, const char *options);
/* Starts it again, on the port that it had. */
void server_start(server *server);
/* Ends it with SIGKILL. */
void server_kill(server *server);
/* Asks it to leave with SIGTERM, and waits until it has, which has to be a good end. */
void server_terminate(server *server);
void server_free(server *server);
const char *server_program(void);

typedef struct proxy proxy;

proxy *proxy_new(const char *server);
const char *proxy_address(const proxy *proxy);
/* Passes on so many bytes at a time; 0: as they come. */
void proxy_slice(proxy *proxy, int bytes);
/* Passes on nothing while on, and what came meanwhile afterwards. It holds when this returns. */
void proxy_blackhole(proxy *proxy, bool on);
/* Ends all connections that there are. */
void proxy_cut(proxy *proxy);
int proxy_connections(proxy *proxy);
void proxy_free(proxy *proxy);

/* ---- verbs_test.c */

/* Opens a wallet of an owner, which has to work. */
walletd_wallet_ref opened(walletd_client *client, const char *owner, const char *currency);
/* Puts money into it. The answer goes back by walletd_free. */
walletd_mutation_response *credited(walletd_client *client, walletd_wallet_ref wallet, int64_t amount);
void credit(walletd_client *client, walletd_wallet_ref wallet, int64_t amount);

#endif
