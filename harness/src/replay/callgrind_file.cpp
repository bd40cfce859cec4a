#include "replay/callgrind_file.hpp"

#include <cctype>
#include <charconv>
#include <string_view>
#include <unordered_map>

namespace leakgate {

namespace {

// "(12) name" is a name and its number from now on, "(12)" the same name again.
class Names {
 public:
  const std::string& read(std::string_view text) {
    const auto end = text.find(')');
    if (!text.starts_with("(") || end == std::string_view::npos) return names_[""] = text;
    std::string& name = names_[std::string(text.substr(1, end - 1))];
    if (end + 2 < text.size()) name = text.substr(end + 2);
    return name;
  }

 private:
  std::unordered_map<std::string, std::string> names_;
};

// "+13 1": a position, absolute or not, and the count.
std::uint64_t countOf(std::string_view line) {
  const auto blank = line.find(' ');
  std::uint64_t count = 0;
  if (blank == std::string_view::npos) return 0;
  std::from_chars(line.data() + blank + 1, line.data() + line.size(), count);
  return count;
}

bool isCost(std::string_view line) {
  return !line.empty() && (std::isdigit(static_cast<unsigned char>(line.front())) != 0 ||
                           line.front() == '+' || line.front() == '-' || line.front() == '*');
}

}  // namespace

void addInstructions(std::istream& file, InstructionCounts& counts) {
  Names functions;
  Names modules;
  std::string function;
  std::string module;
  bool isCall = false;  // the next count is the callee's
  for (std::string text; std::getline(file, text);) {
    const std::string_view line = text;
    if (line.starts_with("ob=")) module = modules.read(line.substr(3));
    if (line.starts_with("cob=")) modules.read(line.substr(4));
    if (line.starts_with("fn=")) function = functions.read(line.substr(3));
    if (line.starts_with("cfn=")) functions.read(line.substr(4));
    if (line.starts_with("calls=")) isCall = true;
    if (!isCost(line)) continue;
    if (!isCall) counts[{function, module}] += countOf(line);
    isCall = false;
  }
}

}  // namespace leakgate
