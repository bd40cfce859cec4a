// A repository whose commits are known servers, made in one stream.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "leakgate_process.hpp"

namespace leakgate::test {

/// What builds a commit.
inline const std::string kBuild = "cc -g -O0 -o server server.c";

/// One commit of the server: what config.h says.
struct Commit {
  int allocations = 3;  ///< per request
  int bytes = 100;      ///< of each
  bool leaks = false;   ///< one block per request
  bool builds = true;
  bool crashes = false;  ///< at its tenth request
};

/// `git init` and commits "1" to "N" on branch main, with tags c1 to cN; then a working tree with a staged, an
/// unstaged and an untracked change, and a stash.
class History {
 public:
  History(const fs::path& folder, const std::vector<Commit>& commits) : folder_(folder) {
    fs::create_directories(folder_);
    std::ofstream(folder_ / "../stream") << stream(commits);
    shell(
        "git init -q -b main . && git fast-import --quiet <../stream && git checkout -q main &&"
        " echo stashed >notes && git -c user.name=a -c user.email=a@b stash push -q &&"
        " echo staged >notes && git add notes && echo changed >notes && echo new >untracked");
    std::ofstream(scenario()) << kScenario;
  }

  std::string scenario() const { return (folder_ / "../scenario.json").lexically_normal(); }

  /// HEAD, branches, index, working tree, stash and worktrees.
  std::string state() const {
    shell(
        "{ git symbolic-ref HEAD; git for-each-ref; git status --porcelain --ignored; git diff HEAD; git stash list;"
        " git worktree list --porcelain; cksum .git/index .git/logs/HEAD; } >../state");
    return contentOf(folder_ / "../state");
  }

  std::string hashOf(int commit) const {
    shell("git rev-parse c" + std::to_string(commit) + " >../hash");
    const std::string line = contentOf(folder_ / "../hash");
    return line.substr(0, line.find('\n'));
  }

  /// The server of a commit, in a folder beside the repository. Returns the folder.
  fs::path buildBeside(int commit, const std::string& name) const {
    const std::string files = "git archive c" + std::to_string(commit) + " | tar -x -C ../" + name;
    shell("mkdir ../" + name + " && " + files + " && cd ../" + name + " && cc -g -O0 -o server server.c");
    return (folder_ / ".." / name).lexically_normal();
  }

  const fs::path& folder() const { return folder_; }

 private:
  void shell(const std::string& line) const {
    const std::string command = "cd '" + folder_.string() + "' && export GIT_OPTIONAL_LOCKS=0 && " + line;
    REQUIRE(std::system(command.c_str()) == 0);
  }

  static std::string data(const std::string& text) {
    return "data " + std::to_string(text.size()) + "\n" + text + "\n";
  }

  static std::string configOf(const Commit& commit) {
    return "#define ALLOCATIONS " + std::to_string(commit.allocations) + "\n#define BYTES " +
           std::to_string(commit.bytes) + "\n#define LEAKS " + std::to_string(commit.leaks) +
           "\n#define CRASHES " + std::to_string(commit.crashes) + "\n" +
           (commit.builds ? "" : "#error does not build\n");
  }

  static std::string stream(const std::vector<Commit>& commits) {
    std::string text;
    for (std::size_t k = 0; k < commits.size(); ++k) {
      const std::string number = std::to_string(k + 1);
      text += "commit refs/heads/main\ncommitter Ada <ada@example.org> " +
              std::to_string(1'700'000'000 + 60 * k) + " +0000\n" + data("Commit " + number);
      text += "M 100644 inline config.h\n" + data(configOf(commits[k]) + "// " + number + "\n");
      if (k == 0)
        text += "M 100644 inline server.c\n" + data(kServer) + "M 100644 inline notes\n" + data("none");
      text += "\nreset refs/tags/c" + number + "\nfrom refs/heads/main\n\n";
    }
    return text;
  }

  static constexpr const char* kScenario = R"json({
  "schema": "leakgate.scenario/1", "name": "history",
  "target": {"command": ["./server", "{port}"]},
  "load": {"connections": 1, "warmup": 16, "requests": 160, "cool_down_ms": 0, "follow_requests": 160},
  "steps": [{"name": "get"}]
})json";

  static constexpr const char* kServer = R"c(
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include "config.h"

void* kept[1 << 16];
int served;

__attribute__((noinline)) void work(void) {
  for (int k = 0; k < ALLOCATIONS; ++k) {
    char* volatile block = malloc(BYTES);
    block[0] = 1;
    free(block);
  }
}

__attribute__((noinline)) void keep(void) { kept[served & 0xffff] = malloc(40); }

static void respond(int client) {
  static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  work();
  if (LEAKS) keep();
  if (CRASHES && served == 10) abort();
  ++served;
  if (write(client, text, sizeof text - 1) < 0) _exit(1);
}

static void serve(int client) {
  char input[4096];
  size_t filled = 0;
  for (ssize_t got; (got = read(client, input + filled, sizeof input - 1 - filled)) > 0;) {
    filled += (size_t)got;
    input[filled] = 0;
    for (char* end; (end = strstr(input, "\r\n\r\n")) != NULL;) {
      respond(client);
      end += 4;
      filled -= (size_t)(end - input);
      memmove(input, end, filled + 1);
    }
  }
  close(client);
}

int main(int argc, char** argv) {
  int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[argc - 1]))};
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, (struct sockaddr*)&address, sizeof address) != 0 || listen(listener, 64) != 0) return 3;
  for (int client; (client = accept(listener, NULL, NULL)) >= 0;) serve(client);
}
)c";

  fs::path folder_;
};

}  // namespace leakgate::test
