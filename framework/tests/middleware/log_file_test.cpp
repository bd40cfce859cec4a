#include "middleware/log_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

using h3::LogFile;

namespace {

// A log and its rotated copy; both are deleted on destruction.
struct LogPath {
  ~LogPath() {
    std::remove(path.c_str());
    std::remove(rotated.c_str());
  }
  static std::string read(const std::string& name) {
    std::ifstream file(name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  const std::string path = "log_file_test.log";
  const std::string rotated = "log_file_test.log.1";
};

constexpr std::size_t kQueueBytes = 64 * 1024;

}  // namespace

TEST_CASE("lines are in the file after flush(), and after the end") {
  const LogPath log;
  {
    LogFile file(log.path, kQueueBytes);
    CHECK(file.write("first\n"));
    file.flush();
    CHECK(LogPath::read(log.path) == "first\n");
    CHECK(file.write("second\n"));
  }
  {
    LogFile again(log.path, kQueueBytes);
    CHECK(again.write("third\n"));
  }
  CHECK(LogPath::read(log.path) == "first\nsecond\nthird\n");
  struct stat status {};
  REQUIRE(::stat(log.path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0007) == 0);
}

TEST_CASE("lines of many threads do not mix, and each thread's keep their order") {
  const LogPath log;
  constexpr int kThreads = 4, kLines = 2'000;
  {
    LogFile file(log.path, 1024 * 1024);
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t)
      threads.emplace_back([&file, t] {
        for (int i = 0; i < kLines; ++i)
          CHECK(file.write(std::to_string(t) + " " + std::to_string(i) + "\n"));
      });
    for (std::thread& thread : threads) thread.join();
  }
  std::ifstream file(log.path);
  std::vector<int> next(kThreads, 0);
  int lines = 0;
  for (int t = 0, i = 0; file >> t >> i; ++lines) CHECK(next.at(static_cast<std::size_t>(t))++ == i);
  CHECK(lines == kThreads * kLines);
}

TEST_CASE("a queue that is full drops whole lines") {
  const LogPath log;
  std::size_t given = 0;
  const std::string line(1'000, 'x');
  {
    // A pipe that is not read stands for a slow disk: its writer blocks.
    REQUIRE(::mkfifo(log.path.c_str(), 0600) == 0);
    std::string read;
    std::thread opener;
    std::FILE* reader = nullptr;
    opener = std::thread([&] { reader = std::fopen(log.path.c_str(), "rb"); });
    {
      LogFile file(log.path, kQueueBytes);
      opener.join();
      bool dropped = false;
      for (int i = 0; i < 1'000 && !dropped; ++i) {
        if (file.write(line + "\n")) {
          ++given;
        } else {
          dropped = true;
        }
      }
      CHECK(dropped);
      opener = std::thread([&] {
        char bytes[4096];
        for (std::size_t got = 0; (got = std::fread(bytes, 1, sizeof bytes, reader)) != 0;)
          read.append(bytes, got);
      });
    }
    opener.join();
    std::fclose(reader);
    CHECK(given >= kQueueBytes / line.size() - 1);
    CHECK(read.size() == given * (line.size() + 1));
    CHECK(static_cast<std::size_t>(std::count(read.begin(), read.end(), '\n')) == given);
  }
}

TEST_CASE("after reopen() lines go to a new file of the name") {
  const LogPath log;
  LogFile file(log.path, kQueueBytes);
  CHECK(file.write("old\n"));
  file.flush();
  REQUIRE(std::rename(log.path.c_str(), log.rotated.c_str()) == 0);
  CHECK(file.write("still old\n"));
  file.flush();
  file.reopen();
  file.flush();
  CHECK(file.write("new\n"));
  file.flush();
  CHECK(LogPath::read(log.rotated) == "old\nstill old\n");
  CHECK(LogPath::read(log.path) == "new\n");
}

TEST_CASE("a file that cannot be opened is an error with its name; one that cannot be opened again is kept") {
  CHECK_THROWS_WITH_AS(LogFile("/nonexistent/a.log", kQueueBytes),
                       "cannot open the log \"/nonexistent/a.log\": No such file or directory",
                       std::system_error);
  const std::string folder = "log_file_test.d";
  REQUIRE(::mkdir(folder.c_str(), 0700) == 0);
  const std::string path = folder + "/a.log", moved = "log_file_test.moved";
  {
    LogFile file(path, kQueueBytes);
    REQUIRE(std::rename(path.c_str(), moved.c_str()) == 0);
    REQUIRE(std::remove(folder.c_str()) == 0);
    file.reopen();
    file.flush();
    CHECK(file.write("kept\n"));
    file.flush();
  }
  CHECK(LogPath::read(moved) == "kept\n");
  std::remove(moved.c_str());
}

TEST_CASE("several files on one thread") {
  std::vector<std::string> names;
  {
    std::vector<std::unique_ptr<LogFile>> files;
    for (int i = 0; i < 6; ++i) {
      names.push_back("log_file_test." + std::to_string(i));
      files.push_back(std::make_unique<LogFile>(names.back(), kQueueBytes));
    }
    for (int round = 0; round < 3; ++round)
      for (std::size_t i = 0; i < files.size(); ++i) CHECK(files[i]->write(std::to_string(i) + "\n"));
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string line = std::to_string(i) + "\n";
    CHECK(LogPath::read(names[i]) == line + line + line);
    std::remove(names[i].c_str());
  }
}
