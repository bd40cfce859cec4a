#include <nlohmann/json.hpp>

#include "writers/foreign_text.hpp"
#include "writers/formats.hpp"
#include "writers/ranked_reasons.hpp"
#include "writers/source_place.hpp"

namespace leakgate {

namespace {

const char* severityOf(RedKind kind) {
  switch (kind) {
    case RedKind::badInput:
    case RedKind::notMeasured:
      return "blocker";
    case RedKind::leak:
      return "critical";
    case RedKind::unexpected:
    case RedKind::loosened:
      return "major";
    case RedKind::count:
    case RedKind::slowdown:
      break;
  }
  return "minor";
}

// GitLab shows files of the checkout only, by their path in it.
std::string relative(std::string path) {
  path.erase(0, path.find_first_not_of('/'));
  return path.empty() ? "leakgate" : path;
}

}  // namespace

std::string codeQualityJson(const WriterInput& input) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& reason : rankedReasons(input)) {
    const SourcePlace place = sourcePlaceOf(reason);
    list.push_back({{"description", foreignLine(reason.text(), kMaxMessageBytes)},
                    {"check_name", "leakgate " + std::string(toString(reason.worst.kind))},
                    {"fingerprint", reason.worst.fingerprint},
                    {"severity", severityOf(reason.worst.kind)},
                    {"location", {{"path", relative(place.path)}, {"lines", {{"begin", place.line}}}}}});
  }
  return list.dump(1) + "\n";
}

}  // namespace leakgate
