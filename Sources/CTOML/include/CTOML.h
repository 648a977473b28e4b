/* A text of TOML as toml++ reads it. No exception of C++ leaves this module. */
#ifndef CTOML_H
#define CTOML_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ctoml_document ctoml_document;
typedef struct ctoml_value ctoml_value;

typedef enum ctoml_kind {
  CTOML_TEXT,
  CTOML_INTEGER,
  CTOML_DECIMAL,
  CTOML_TRUTH,
  CTOML_LIST,
  CTOML_TABLE,
  CTOML_TIME,
} ctoml_kind;

/* Bytes that live as long as the document, and may have a zero byte among them. */
typedef struct ctoml_bytes {
  const char *start;
  size_t count;
} ctoml_bytes;

/* NULL when there is no memory. */
ctoml_document *ctoml_read(const char *text, size_t count);
void ctoml_free(ctoml_document *document);

/* Why the text isn't TOML, and the line, from 1; no bytes when it is. */
ctoml_bytes ctoml_complaint(const ctoml_document *document);
size_t ctoml_complaint_line(const ctoml_document *document);

/* The keys at the top level with their lines and values. */
size_t ctoml_count(const ctoml_document *document);
ctoml_bytes ctoml_key(const ctoml_document *document, size_t index);
size_t ctoml_line(const ctoml_document *document, size_t index);
const ctoml_value *ctoml_value_at(const ctoml_document *document, size_t index);

ctoml_kind ctoml_kind_of(const ctoml_value *value);
/* Of a value of this kind only. */
ctoml_bytes ctoml_text(const ctoml_value *value);
int64_t ctoml_integer(const ctoml_value *value);
double ctoml_decimal(const ctoml_value *value);
bool ctoml_truth(const ctoml_value *value);
size_t ctoml_list_count(const ctoml_value *value);
const ctoml_value *ctoml_list_value(const ctoml_value *value, size_t index);

#ifdef __cplusplus
}
#endif
#endif
