#include "probe_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <utility>
#include <vector>

namespace leakgate {
namespace {

struct Pipe {
  int read = -1;
  int write = -1;
};

Pipe makePipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  return {ends[0], ends[1]};
}

void setDefault(ProbeProcess::Environment& environment, const char* name, const std::string& value) {
  environment.try_emplace(name, value);
}

std::vector<char*> pointersTo(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::string readToEnd(int file) {
  std::string text;
  std::array<char, 4096> chunk{};
  for (ssize_t got = 0; (got = ::read(file, chunk.data(), chunk.size())) > 0;) {
    text.append(chunk.data(), static_cast<std::size_t>(got));
  }
  return text;
}

}  // namespace

ProbeProcess::ProbeProcess(const std::string& program, Environment environment,
                           std::vector<std::string> arguments) {
  ::signal(SIGPIPE, SIG_IGN);  // a target that has aborted is seen by its silence
  setDefault(environment, "LD_PRELOAD", LEAKGATE_SHIM);
  setDefault(environment, "LEAKGATE_DIR", control.directory());
  arguments.insert(arguments.begin(), program);
  start(std::move(arguments), environment);
}

void ProbeProcess::start(std::vector<std::string> words, const Environment& environment) {
  const Pipe input = makePipe();
  const Pipe output = makePipe();
  const Pipe error = makePipe();
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input.read, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, output.write, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, error.write, STDERR_FILENO);
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
  const int failed = ::posix_spawn(&pid_, words.front().c_str(), &actions, nullptr, pointersTo(words).data(),
                                   pointersTo(variables).data());
  ::posix_spawn_file_actions_destroy(&actions);
  for (const int end : {input.read, output.write, error.write}) ::close(end);
  if (failed != 0) throw std::runtime_error("cannot start " + words.front());
  input_ = input.write;
  output_ = output.read;
  error_ = error.read;
}

ProbeProcess::~ProbeProcess() {
  if (pid_ > 0) kill();
  end();
  ::close(output_);
  ::close(error_);
}

std::string ProbeProcess::run(const std::string& command) {
  const std::string line = command + "\n";
  if (::write(input_, line.data(), line.size()) != static_cast<ssize_t>(line.size())) return "";
  return readLine();
}

std::string ProbeProcess::readLine() {
  std::string line;
  char byte = 0;
  while (::read(output_, &byte, 1) == 1 && byte != '\n') line += byte;
  return line;
}

bool ProbeProcess::awaitOutput(std::chrono::seconds limit) const {
  pollfd readable{output_, POLLIN, 0};
  const auto limitMs = std::chrono::duration_cast<std::chrono::milliseconds>(limit).count();
  return ::poll(&readable, 1, static_cast<int>(limitMs)) == 1 && (readable.revents & POLLIN) != 0;
}

void ProbeProcess::narrowOutput(int bytes) const {
  if (::fcntl(output_, F_SETPIPE_SZ, bytes) != bytes) throw std::runtime_error("F_SETPIPE_SZ");
}

std::string ProbeProcess::readAll() const { return readToEnd(output_); }

std::filesystem::path ProbeProcess::regionOf(std::uint64_t pid) const {
  return control.directory() / (std::to_string(pid) + "-0.region");
}

void ProbeProcess::kill() const { ::kill(pid_, SIGKILL); }

ProbeEnd ProbeProcess::end() {
  if (pid_ <= 0) return {};
  ::close(input_);
  ProbeEnd result;
  result.error = readToEnd(error_);
  int status = 0;
  ::waitpid(std::exchange(pid_, -1), &status, 0);
  result.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  return result;
}

}  // namespace leakgate
