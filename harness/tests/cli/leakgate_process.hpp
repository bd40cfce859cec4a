// The built leakgate, started as a user starts it.
#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace leakgate::test {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

inline std::string contentOf(const fs::path& file) {
  std::ostringstream content;
  content << std::ifstream(file).rdbuf();
  return content.str();
}

// leakgate with its own folder for temporary files, which must be empty when it has ended.
class Leakgate {
 public:
  Leakgate() {
    std::string name = fs::temp_directory_path() / "cli-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder = name;
    fs::create_directory(folder / "tmp");
  }
  ~Leakgate() { fs::remove_all(folder); }

  int run(const Words& arguments) {
    start(arguments);
    return wait();
  }

  void start(const Words& arguments) {
    Words words{program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    if (words[1] == "run" && !selfAudit) words.push_back("--no-self-audit");
    pid = ::fork();
    REQUIRE(pid >= 0);
    if (pid == 0) become(words);
  }

  int wait() {
    int status = 0;
    ::waitpid(pid, &status, 0);
    out = contentOf(folder / "out");
    err = contentOf(folder / "err");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  bool leftNothing() const { return fs::is_empty(folder / "tmp"); }

  fs::path folder;
  std::string program = LEAKGATE;
  fs::path directory;  ///< where leakgate is called; "": here
  std::string out;
  std::string err;
  pid_t pid = -1;
  bool selfAudit = false;  ///< four runs more, which most tests need not wait for

 private:
  [[noreturn]] void become(Words& words) const {
    ::dup2(::open((folder / "out").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), STDOUT_FILENO);
    ::dup2(::open((folder / "err").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), STDERR_FILENO);
    ::setenv("TMPDIR", (folder / "tmp").c_str(), 1);
    if (!directory.empty()) fs::current_path(directory);
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv(argv.front(), argv.data());
    ::_exit(127);
  }
};

inline const std::string kJournal = SCENARIOS "/journal.json";
inline const std::string kLogin = SCENARIOS "/login_and_users.json";
inline const std::string kCleanLogin = "{bin}/specimen-audit-leak-clean --port {port}";

}  // namespace leakgate::test
