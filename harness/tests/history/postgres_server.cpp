#include "postgres_server.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "history/database.hpp"
#include "small_disk.hpp"

namespace leakgate {

namespace fs = std::filesystem;

namespace {

std::string gWhyNot;

fs::path programsFolder() {
  for (const char* version : {"15", "16", "17", "18"}) {
    const fs::path folder = fs::path("/usr/lib/postgresql") / version / "bin";
    if (fs::exists(folder / "initdb")) return folder;
  }
  throw std::runtime_error("PostgreSQL is not installed: apt-get install postgresql");
}

// The words before a command that runs it as another user and ends it when this process ends.
std::vector<std::string> asServerUser() {
  std::vector<std::string> words{"setpriv", "--pdeathsig", "QUIT"};
  if (::geteuid() == 0)
    words.insert(words.end(), {"--reuid", "postgres", "--regid", "postgres", "--clear-groups"});
  return words;
}

pid_t spawn(const std::vector<std::string>& words, const fs::path& log) {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  if (::chdir("/") != 0) ::_exit(126);
  std::vector<char*> argv;
  for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  ::execvp(argv.front(), argv.data());
  ::_exit(127);
}

int wait(pid_t pid) {
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::vector<std::string> joined(std::vector<std::string> first, const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace

PostgresServer* PostgresServer::shared() {
  static const std::unique_ptr<PostgresServer> server = []() -> std::unique_ptr<PostgresServer> {
    ownMounts();  // so that the server sees a SmallDisk
    try {
      auto started = std::make_unique<PostgresServer>();
      started->start();
      return started;
    } catch (const std::exception& error) {
      gWhyNot = error.what();
      return nullptr;
    }
  }();
  return server.get();
}

const std::string& PostgresServer::whyNot() { return gWhyNot; }

PostgresServer::PostgresServer() {
  const fs::path programs = programsFolder();
  if (::geteuid() == 0 && ::getpwnam("postgres") == nullptr)
    throw std::runtime_error("there is no user \"postgres\", and the server refuses to run as root");
  std::string name = fs::temp_directory_path() / "history-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
  folder_ = name;
  giveToServer(folder_);
  const pid_t initdb =
      spawn(joined(asServerUser(), {programs / "initdb", "-D", folder_ / "data", "-U", "leakgate", "-A",
                                    "trust", "-E", "UTF8", "--locale=C", "--no-sync"}),
            folder_ / "initdb.log");
  if (wait(initdb) != 0) throw std::runtime_error("initdb failed: see " + (folder_ / "initdb.log").string());
}

PostgresServer::~PostgresServer() {
  if (pid_ > 0) crash();
  fs::remove_all(folder_);
}

void PostgresServer::start() {
  pid_ = spawn(joined(asServerUser(), {programsFolder() / "postgres", "-D", folder_ / "data", "-k", folder_,
                                       "-c", "listen_addresses=", "-c", "max_connections=40"}),
               folder_ / "server.log");
  for (;;) {
    try {
      openPostgres(url("postgres"), {});
      return;
    } catch (const DatabaseError&) {
      if (::waitpid(pid_, nullptr, WNOHANG) != 0) {
        pid_ = -1;
        throw std::runtime_error("the server ended: see " + (folder_ / "server.log").string());
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
}

void PostgresServer::crash() {
  ::kill(pid_, SIGQUIT);
  wait(pid_);
  pid_ = -1;
}

std::string PostgresServer::url(const std::string& database, const std::string& options) const {
  std::string url = "postgresql:///" + database + "?user=leakgate&host=" + folder_.string();
  if (options.empty()) return url;
  url += "&options=";
  for (const char c : options) url += c == ' ' ? std::string("%20") : c == '=' ? "%3D" : std::string(1, c);
  return url;
}

void PostgresServer::execute(const std::string& statement) const {
  openPostgres(url("postgres"), {})->execute(statement);
}

void PostgresServer::createDatabase(const std::string& database) const {
  execute("CREATE DATABASE " + database);
}

void PostgresServer::giveToServer(const fs::path& path) const {
  if (::geteuid() != 0) return;
  const passwd* user = ::getpwnam("postgres");
  if (user == nullptr || ::chown(path.c_str(), user->pw_uid, user->pw_gid) != 0)
    throw std::runtime_error("cannot give " + path.string() + " to the user postgres");
}

}  // namespace leakgate
