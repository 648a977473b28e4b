/* What Swift can't import from sqlite3.h: the destructor constants (casts to function pointers) and variadic calls. */
#ifndef CSQLITE_SHIM_H
#define CSQLITE_SHIM_H
#include <sqlite3.h>
#include <stddef.h>

static inline int walletd_sqlite3_bind_text(sqlite3_stmt *statement, int index, const char *text, int length) {
  return sqlite3_bind_text(statement, index, text, length, SQLITE_TRANSIENT);
}
static inline int walletd_sqlite3_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int length) {
  return sqlite3_bind_blob(statement, index, bytes, length, SQLITE_TRANSIENT);
}
/* The bytes must stay in place until the statement is reset. */
static inline int walletd_sqlite3_bind_text_static(sqlite3_stmt *statement, int index, const char *text, int length) {
  return sqlite3_bind_text(statement, index, text, length, SQLITE_STATIC);
}
static inline int walletd_sqlite3_bind_blob_static(sqlite3_stmt *statement, int index, const void *bytes, int length) {
  return sqlite3_bind_blob(statement, index, bytes, length, SQLITE_STATIC);
}
/* Before anything else is asked of SQLite: its count of the memory that it uses costs a lock for each allocation. */
static inline int walletd_sqlite3_count_no_memory(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }
/* Pages of all connections come out of one piece of memory, while it lasts. */
static inline int walletd_sqlite3_give_page_memory(void *memory, int slot, int count) {
  return sqlite3_config(SQLITE_CONFIG_PAGECACHE, memory, slot, count);
}
/* What SQLite needs of a slot beyond the page. */
static inline int walletd_sqlite3_page_header(void) {
  int size = 0;
  return sqlite3_config(SQLITE_CONFIG_PCACHE_HDRSZ, &size) == SQLITE_OK ? size : -1;
}
/* A sync has failed. */
static const int WALLETD_SQLITE_IOERR_FSYNC = SQLITE_IOERR_FSYNC;
/* Writes the database file to the disk, through the connection's own descriptor: to close another one would release the
   connection's locks. */
static inline int walletd_sqlite3_sync_file(sqlite3 *database) {
  sqlite3_file *file = NULL;
  int code = sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (code != SQLITE_OK) return code;
  return file && file->pMethods ? file->pMethods->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY) : SQLITE_ERROR;
}
static inline int walletd_sqlite3_db_config(sqlite3 *database, int option, int value, int *result) {
  return sqlite3_db_config(database, option, value, result);
}
#endif
