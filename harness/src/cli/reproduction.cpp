#include "cli/reproduction.hpp"

#include <sys/socket.h>

#include "replay/descriptor.hpp"
#include "replay/http_probe.hpp"
#include "replay/loopback.hpp"
#include "scenario/command_words.hpp"
#include "session/installation.hpp"

namespace leakgate {

namespace fs = std::filesystem;

namespace {

bool isFree(std::uint16_t port) {
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;  // a lingering connection does not prevent a server from listening
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address = loopbackAddress(port);
  address.sin_addr.s_addr = htonl(INADDR_ANY);
  return ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
         ::listen(socket.get(), 1) == 0;
}

// A program's name without a slash is looked up in PATH.
std::string absolutePath(const std::string& text, bool isProgram) {
  std::error_code ignored;
  const bool hasFolder = text.find('/') != std::string::npos;
  const bool isPath = hasFolder || (!isProgram && fs::is_regular_file(text, ignored));
  if (!isPath || fs::path(text).is_absolute() || !fs::exists(text, ignored)) return text;
  return fs::absolute(text).lexically_normal().string();
}

std::string relocatedWord(const std::string& word, bool isProgram) {
  const auto equals = isProgram ? std::string::npos : word.find('=');
  if (equals == std::string::npos) return absolutePath(word, isProgram);
  return word.substr(0, equals + 1) + absolutePath(word.substr(equals + 1), false);
}

// Keeps {bin} and {port}: leakgate fills them in wherever it runs.
std::string withScenarioFolder(const std::string& text, const LaunchValues& values) {
  constexpr std::string_view kPlaceholder = "{scenario_dir}";
  std::string expanded = text;
  const std::string folder = values.scenarioDir.string();
  for (auto at = expanded.find(kPlaceholder); at != std::string::npos;
       at = expanded.find(kPlaceholder, at + folder.size())) {
    expanded.replace(at, kPlaceholder.size(), folder);
  }
  return expanded;
}

}  // namespace

std::uint16_t concretePort(std::uint16_t wanted) { return isFree(wanted) ? wanted : freePort(); }

LaunchValues launchValuesOf(const Scenario& scenario, std::uint16_t port) {
  return {ownInstallation().binDirectory, fs::absolute(scenario.file).parent_path(), port};
}

std::string startCommand(const TargetSpec& target, const LaunchValues& values) {
  std::string line;
  for (const auto& [name, value] : target.env)
    line += name + "=" + shellQuoted(expandPlaceholders(value, values)) + " ";
  for (const auto& word : target.command) line += shellQuoted(expandPlaceholders(word, values)) + " ";
  line.pop_back();
  return line;
}

TargetSpec relocated(TargetSpec target, const LaunchValues& values) {
  for (std::size_t k = 0; k < target.command.size(); ++k) {
    target.command[k] = relocatedWord(withScenarioFolder(target.command[k], values), k == 0);
  }
  for (auto& [name, value] : target.env) value = absolutePath(withScenarioFolder(value, values), false);
  return target;
}

}  // namespace leakgate
