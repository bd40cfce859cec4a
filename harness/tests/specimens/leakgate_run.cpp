#include "leakgate_run.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() {
  std::string name = fs::temp_directory_path() / "specimens-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp: " + name);
  path_ = name;
  // Servers of Debian leave root and read their pages from here.
  fs::permissions(path_, fs::perms::others_exec | fs::perms::others_read, fs::perm_options::add);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

namespace {

std::string contentOf(const fs::path& file) {
  std::ostringstream content;
  content << std::ifstream(file).rdbuf();
  return content.str();
}

std::vector<std::string> environmentWith(const std::string& temporary) {
  std::vector<std::string> variables = {"TMPDIR=" + temporary};
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (std::string_view(*entry).substr(0, 7) != "TMPDIR=") variables.emplace_back(*entry);
  }
  return variables;
}

std::vector<char*> pointersTo(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Not fork(): other threads of this process hold locks.
pid_t start(std::vector<std::string> arguments, const fs::path& log, const fs::path& temporary) {
  std::vector<std::string> environment = environmentWith(temporary);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                     0644);
  ::posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  pid_t child = 0;
  const int error = ::posix_spawn(&child, arguments.front().c_str(), &actions, nullptr,
                                  pointersTo(arguments).data(), pointersTo(environment).data());
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error(arguments.front() + ": " + std::strerror(error));
  return child;
}

int exitCodeOf(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

LeakgateRun runLeakgate(const fs::path& scenario, const std::vector<std::string>& options) {
  const auto startedAt = std::chrono::steady_clock::now();
  const TemporaryFolder folder;
  const fs::path log = folder.path() / "output.log";
  const fs::path report = folder.path() / "report.json";
  std::vector<std::string> arguments = {LEAKGATE, "run", scenario, "-o", report};
  arguments.insert(arguments.end(), options.begin(), options.end());

  LeakgateRun run;
  run.exitCode = exitCodeOf(start(std::move(arguments), log, folder.path()));
  run.output = contentOf(log);
  if (fs::exists(report)) run.report = nlohmann::json::parse(contentOf(report));
  run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - startedAt).count();
  return run;
}
