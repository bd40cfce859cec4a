#include "open_metrics_text.hpp"

#include <set>
#include <sstream>
#include <stdexcept>

namespace h3::test {
namespace {

using Families = std::map<std::string, MetricFamily>;

class Reader {
 public:
  void line(const std::string& line) {
    line_ = line;
    if (ended_) fail("a line after # EOF");
    if (line == "# EOF") {
      ended_ = true;
    } else if (line.starts_with("# ")) {
      describe();
    } else {
      sample();
    }
  }

  Families finish() {
    if (!ended_) fail("no # EOF");
    for (const auto& [name, family] : families_)
      if (family.type.empty() || family.help.empty() || family.samples.empty())
        fail("incomplete family " + name);
    return std::move(families_);
  }

 private:
  [[noreturn]] void fail(const std::string& problem) const {
    throw std::runtime_error(problem + ": " + line_);
  }

  void describe() {
    std::istringstream words(line_);
    std::string hash, key, name, rest;
    words >> hash >> key >> name;
    std::getline(words >> std::ws, rest);
    if (name != current_) {
      if (families_.contains(name)) fail("families are mixed");
      current_ = name;
    }
    MetricFamily& family = families_[name];
    std::string* const field = key == "TYPE"   ? &family.type
                               : key == "HELP" ? &family.help
                               : key == "UNIT" ? &family.unit
                                               : nullptr;
    if (field == nullptr || !field->empty() || rest.empty() || !family.samples.empty())
      fail("wrong description");
    *field = rest;
    if (key == "UNIT" && !name.ends_with("_" + rest)) fail("the unit is not the name's suffix");
  }

  void sample() {
    const std::size_t blank = line_.rfind(' ');
    if (blank == std::string::npos || current_.empty()) fail("no sample");
    const std::string name = line_.substr(0, blank);
    const std::string bare = name.substr(0, name.find('{'));
    MetricFamily& family = families_[current_];
    const std::set<std::string> allowed = family.type == "counter" ? std::set<std::string>{"_total"}
                                          : family.type == "histogram"
                                              ? std::set<std::string>{"_bucket", "_count", "_sum"}
                                              : std::set<std::string>{""};
    if (!bare.starts_with(current_) || !allowed.contains(bare.substr(current_.size())))
      fail("a sample that is not of its family");
    std::size_t used = 0;
    const double value = std::stod(line_.substr(blank + 1), &used);
    if (used != line_.size() - blank - 1) fail("no number");
    family.samples.emplace_back(name, value);
  }

  Families families_;
  std::string current_;
  std::string line_;
  bool ended_ = false;
};

}  // namespace

Families parseOpenMetrics(std::string_view text) {
  Reader reader;
  if (!text.ends_with('\n')) throw std::runtime_error("the last line is open");
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    reader.line(std::string(text.substr(0, end)));
    text.remove_prefix(end + 1);
  }
  return reader.finish();
}

}  // namespace h3::test
