// A redis-server of the test's own, on a unix socket in a directory of its own.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace h3::test {

/// Runs from construction to destruction; kill() and start() in between. Errors: std::runtime_error with its output when it
/// does not start.
class RedisServer {
 public:
  /// Whether there is one in PATH.
  static bool installed() {
    const char* const path = std::getenv("PATH");
    std::string folders = path != nullptr ? path : "/usr/bin";
    for (std::size_t from = 0; from <= folders.size();) {
      const std::size_t end = std::min(folders.find(':', from), folders.size());
      if (::access((folders.substr(from, end - from) + "/redis-server").c_str(), X_OK) == 0) return true;
      from = end + 1;
    }
    return false;
  }

  explicit RedisServer(std::vector<std::string> more = {}) : more_(std::move(more)) {
    std::string pattern = (std::filesystem::temp_directory_path() / "h3-redis-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
    folder_ = pattern;
    start();
  }
  ~RedisServer() {
    kill();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  std::string unixPath() const { return folder_ + "/redis.sock"; }

  /// Returns when it accepts connections.
  void start() {
    std::vector<std::string> words = {"redis-server", "--port", "0",    "--unixsocket",
                                      unixPath(),     "--save", "",     "--appendonly",
                                      "no",           "--dir",  folder_};
    words.insert(words.end(), more_.begin(), more_.end());
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::array<int, 2> output{};
    if (::pipe2(output.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    const int failure =
        ::posix_spawnp(&process_, "redis-server", &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(output[1]);
    if (failure != 0) throw std::runtime_error("redis-server cannot be started");
    awaitReady(output[0]);
  }

  /// As a crash would: nothing is saved or said.
  void kill() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(std::exchange(process_, 0), nullptr, 0);
    if (output_ >= 0) ::close(std::exchange(output_, -1));
  }

  void pause() { ::kill(process_, SIGSTOP); }
  void resume() { ::kill(process_, SIGCONT); }

 private:
  // The pipe stays open: what Redis says later must not end it.
  void awaitReady(int output) {
    output_ = output;
    std::string said;
    std::array<char, 4096> bytes;
    while (said.find("eady to accept connections") == std::string::npos) {
      const ssize_t got = ::read(output, bytes.data(), bytes.size());
      if (got <= 0) throw std::runtime_error("redis-server ended: " + said);
      said.append(bytes.data(), static_cast<std::size_t>(got));
    }
  }

  std::vector<std::string> more_;
  std::string folder_;
  pid_t process_ = 0;
  int output_ = -1;
};

}  // namespace h3::test
