#include <CTOML.h>

#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace {

/* What toml++ takes for granted, and a text that isn't TOML can break. */
struct Broken final : std::exception {
  explicit Broken(std::string_view assumption) : concerns_name(assumption.find("key") != assumption.npos) {}
  bool concerns_name;
};

}  // namespace

/* By default such a text ends the process, and in a build without assertions anything may happen. */
#undef NDEBUG
#define TOML_ASSERT(assumption)          \
  do {                                   \
    if (!(assumption)) {                 \
      throw Broken(#assumption);         \
    }                                    \
  } while (false)
#define TOML_EXCEPTIONS 1
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
/* Lists hold text and numbers. What is nested deeper is taken apart by recursion. */
#define TOML_MAX_NESTED_VALUES 4
#if !__has_include(<toml++/toml.h>)
#error "toml++ is missing: scripts/setup.sh installs libtomlplusplus-dev"
#endif
#include <toml++/toml.h>

namespace {

struct Entry {
  std::string_view key;
  size_t line;
  const toml::node *value;
};

const toml::node &node(const ctoml_value *value) { return *reinterpret_cast<const toml::node *>(value); }
const ctoml_value *value(const toml::node *node) { return reinterpret_cast<const ctoml_value *>(node); }
ctoml_bytes bytes(std::string_view text) { return {text.data(), text.size()}; }

bool breaks(std::string_view text) {
  try {
    (void)toml::parse(text);
    return false;
  } catch (const Broken &) {
    return true;
  } catch (const toml::parse_error &) {
    return false;
  }
}

/* The line that breaks: what is read from front to back does so as soon as it has that line. */
size_t line_that_breaks(std::string_view text) {
  std::vector<size_t> ends;
  for (size_t end = text.find('\n'); end != text.npos; end = text.find('\n', end + 1)) ends.push_back(end + 1);
  size_t sound = 0, broken = ends.size();
  while (sound < broken) {
    size_t middle = sound + (broken - sound) / 2;
    if (breaks(text.substr(0, ends[middle]))) {
      broken = middle;
    } else {
      sound = middle + 1;
    }
  }
  return broken + 1;
}

}  // namespace

struct ctoml_document {
  toml::table table;
  std::vector<Entry> entries;
  std::string complaint;
  size_t line = 0;

  void read(std::string_view text) {
    try {
      table = toml::parse(text);
      for (auto &&[key, value] : table) entries.push_back({key.str(), key.source().begin.line, &value});
    } catch (const toml::parse_error &error) {
      complaint = error.description();
      line = error.source().begin.line;
    } catch (const Broken &broken) {
      complaint = broken.concerns_name ? "the name of a section is missing, or begins as no name does"
                                       : "a value is missing, or goes on as no date, time or number does";
      line = line_that_breaks(text);
    }
  }
};

ctoml_document *ctoml_read(const char *text, size_t count) {
  ctoml_document *document = nullptr;
  try {
    document = new ctoml_document;
    document->read({text, count});
    return document;
  } catch (const std::exception &) {
    delete document;
    return nullptr;
  }
}

void ctoml_free(ctoml_document *document) { delete document; }

ctoml_bytes ctoml_complaint(const ctoml_document *document) { return bytes(document->complaint); }
size_t ctoml_complaint_line(const ctoml_document *document) { return document->line; }

size_t ctoml_count(const ctoml_document *document) { return document->entries.size(); }
ctoml_bytes ctoml_key(const ctoml_document *document, size_t index) { return bytes(document->entries[index].key); }
size_t ctoml_line(const ctoml_document *document, size_t index) { return document->entries[index].line; }
const ctoml_value *ctoml_value_at(const ctoml_document *document, size_t index) {
  return value(document->entries[index].value);
}

ctoml_kind ctoml_kind_of(const ctoml_value *value) {
  switch (node(value).type()) {
    case toml::node_type::string: return CTOML_TEXT;
    case toml::node_type::integer: return CTOML_INTEGER;
    case toml::node_type::floating_point: return CTOML_DECIMAL;
    case toml::node_type::boolean: return CTOML_TRUTH;
    case toml::node_type::array: return CTOML_LIST;
    case toml::node_type::none:
    case toml::node_type::table: return CTOML_TABLE;
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time: return CTOML_TIME;
  }
  return CTOML_TABLE;
}

ctoml_bytes ctoml_text(const ctoml_value *value) { return bytes(node(value).as_string()->get()); }
int64_t ctoml_integer(const ctoml_value *value) { return node(value).as_integer()->get(); }
double ctoml_decimal(const ctoml_value *value) { return node(value).as_floating_point()->get(); }
bool ctoml_truth(const ctoml_value *value) { return node(value).as_boolean()->get(); }
size_t ctoml_list_count(const ctoml_value *value) { return node(value).as_array()->size(); }
const ctoml_value *ctoml_list_value(const ctoml_value *list, size_t index) {
  return value(node(list).as_array()->get(index));
}
