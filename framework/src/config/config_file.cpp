#include <algorithm>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "config/config_sources.hpp"
#include "config/config_text.hpp"

namespace h3 {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxDepth = 8;

// An iterator over the text that counts lines: what it has passed has been read.
struct CountingIterator {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  reference operator*() const { return *at; }
  CountingIterator& operator++() {
    if (*at == '\n') ++*line;
    ++at;
    return *this;
  }
  CountingIterator operator++(int) {
    const CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at == other.at; }
  bool operator!=(const CountingIterator& other) const { return at != other.at; }

  const char* at;
  std::size_t* line;
};

// Turns the events of nlohmann's parser into settings. Objects are groups of fields, arrays are lists of texts.
class FileReader final : public nlohmann::json_sax<json> {
 public:
  FileReader(std::string file, const std::size_t& line) : file_(std::move(file)), line_(line) {}

  bool null() override { return problem("found null"); }
  bool boolean(bool value) override { return add(ConfigKind::boolean, value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override {
    return add(ConfigKind::number, std::to_string(value));
  }
  bool number_unsigned(number_unsigned_t value) override {
    return add(ConfigKind::number, std::to_string(value));
  }
  bool number_float(number_float_t, const string_t& text) override { return add(ConfigKind::number, text); }
  bool string(string_t& value) override { return add(ConfigKind::text, value); }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override {
    if (inList_) return stop("found an object in a list, expected a text");
    if (++depth_ > kMaxDepth) return stop("nested deeper than any field");
    if (depth_ > 1) path_.push_back(key_);
    names_.emplace_back();
    return true;
  }
  bool key(string_t& name) override {
    key_ = name;
    keyLine_ = line_;
    if (!names_.back().insert(name).second) problem("given twice");
    return true;
  }
  bool end_object() override {
    if (--depth_ != 0) path_.pop_back();
    names_.pop_back();
    return true;
  }
  bool start_array(std::size_t) override {
    if (depth_ == 0) return stop("found a list, expected an object of fields");
    if (inList_) return stop("found a list in a list, expected a text");
    inList_ = true;
    list_.clear();
    return true;
  }
  bool end_array() override {
    inList_ = false;
    read.settings.push_back({fieldName(), origin(), ConfigKind::list, true, {}, std::move(list_)});
    return true;
  }
  bool parse_error(std::size_t, const std::string& token, const nlohmann::detail::exception& error) override {
    std::string what =
        error.what();  // "[json.exception.parse_error.101] parse error at line 1, column 2: ..."
    const std::size_t colon = what.find(": ");
    if (colon != std::string::npos) what.erase(0, colon + 2);
    read.problems.push_back(file_ + ':' + std::to_string(line_) + ": no JSON at " + inQuotes(token) + ": " +
                            what);
    return false;
  }

  ConfigSources read;

 private:
  std::string fieldName() const {
    std::string name;
    for (const std::string& group : path_) name += group + '.';
    return name + key_;
  }
  std::string origin() const { return file_ + ':' + std::to_string(keyLine_); }

  bool add(ConfigKind kind, std::string text) {
    if (depth_ == 0) return stop("found a single value, expected an object of fields");
    if (!inList_) {
      read.settings.push_back({fieldName(), origin(), kind, true, std::move(text), {}});
      return true;
    }
    if (kind != ConfigKind::text) return problem("found " + text + " in a list, expected a text");
    list_.push_back(std::move(text));
    return true;
  }
  bool problem(const std::string& what) {
    read.problems.push_back(origin() + ": " + fieldName() + ": " + what);
    return true;
  }
  bool stop(const std::string& what) {
    read.problems.push_back(file_ + ':' + std::to_string(line_) + ": " + what);
    return false;
  }

  const std::string file_;
  const std::size_t& line_;
  std::vector<std::string> path_;  ///< names of the open objects
  std::vector<std::set<std::string>> names_;
  std::string key_;
  std::size_t keyLine_ = 1;
  std::size_t depth_ = 0;
  bool inList_ = false;
  std::vector<std::string> list_;
};

}  // namespace

ConfigSources readConfigText(std::string_view text, const std::string& name) {
  std::size_t line = 1;
  FileReader reader(name, line);
  const CountingIterator begin{text.data(), &line};
  const CountingIterator end{text.data() + text.size(), &line};
  json::sax_parse(begin, end, &reader, json::input_format_t::json, true, true);
  return std::move(reader.read);
}

ConfigSources readConfigFile(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  std::string text(kMaxConfigBytes + 1, '\0');
  if (file) file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad()) {
    const std::string why = std::strerror(errno);
    return {{}, {name + ": cannot be read: " + why + "; it is named by --config, H3_CONFIG or the program"}};
  }
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kMaxConfigBytes)
    return {{}, {name + ": found more than " + std::to_string(kMaxConfigBytes) + " bytes"}};
  return readConfigText(text, name);
}

}  // namespace h3
