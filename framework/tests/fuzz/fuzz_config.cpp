// Configuration: a valid one or a list of problems; what --print-config shows is read back as the same.
//
//   1 byte: 0 a JSON file, 1 variables, 2 arguments, a line each | the text
#include <sys/mman.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config_loader.hpp"
#include "config/config_sources.hpp"
#include "fuzz_input.hpp"

using namespace h3::test;

namespace {

// A file in memory, with a name to open it by.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view text) : descriptor_(::memfd_create("config", MFD_CLOEXEC)) {
    FUZZ_CHECK(descriptor_ >= 0);
    FUZZ_CHECK(::write(descriptor_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  ~MemoryFile() { ::close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

struct ConfigInput {
  std::vector<std::string> arguments;
  std::vector<std::string> environment;
  std::string file;
};

void checkProblems(std::string_view what) {
  FUZZ_CHECK(what.starts_with("configuration: "));
  FUZZ_CHECK(what.find("\n  ") != std::string_view::npos);
}

// Nothing when there are problems.
std::optional<h3::LoadedConfig> loadFuzzed(ConfigInput input, bool print) {
  std::string own = "default";
  h3::LoadOptions options;
  options.file = input.file;
  options.own = {{"database", "where the notes are", &own}};
  if (print) input.arguments.insert(input.arguments.begin(), "--print-config");
  try {
    return h3::loadConfigFrom(input.arguments, input.environment, options);
  } catch (const h3::ConfigError& error) {
    checkProblems(error.what());
    return std::nullopt;
  }
}

// The values, without the comments that say where each comes from.
std::string valuesOf(std::string_view printed) {
  std::string values;
  while (!printed.empty()) {
    const std::string_view line = printed.substr(0, printed.find('\n'));
    printed.remove_prefix(std::min(line.size() + 1, printed.size()));
    if (!line.starts_with("  // ")) values.append(line.substr(0, line.rfind("  // "))).append("\n");
  }
  return values;
}

void checkRoundTrip(const ConfigInput& input) {
  const auto printed = loadFuzzed(input, true);
  FUZZ_CHECK(printed.has_value());
  if (printed->output.find("\n{\n") == std::string::npos && !printed->output.starts_with("{\n"))
    return;  // --help
  const MemoryFile file(printed->output);
  const auto again = loadFuzzed({{}, {}, file.path()}, true);
  FUZZ_CHECK(again.has_value());
  FUZZ_CHECK(valuesOf(again->output) == valuesOf(printed->output));
}

// Another file than the input's must not be read.
bool namesFile(std::string_view line) {
  std::string lower(line);
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return lower.find("config") != std::string::npos;
}

std::vector<std::string> linesOf(FuzzInput input) {
  std::vector<std::string> lines;
  while (!input.rest().empty()) {
    std::string line(input.takeLine());
    if (!namesFile(line) && line.find('\0') == std::string::npos) lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzInput input(data, size);
  const std::size_t source = input.takeByte() % 3;
  const MemoryFile file(source == 0 ? input.rest() : "{}");
  ConfigInput given;
  given.file = file.path();
  if (source == 1) given.environment = linesOf(input);
  if (source == 2) given.arguments = linesOf(input);
  const auto loaded = loadFuzzed(given, false);
  if (!loaded) return 0;
  if (loaded->output.empty()) loaded->config.validate();
  checkRoundTrip(given);
  return 0;
}
