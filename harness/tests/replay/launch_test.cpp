#include <doctest/doctest.h>
#include <elf.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>

#include "replay/executable.hpp"
#include "replay/launch_plan.hpp"
#include "replay/measure_error.hpp"
#include "replay/process_sampler.hpp"
#include "replay/server_process.hpp"
#include "replay/temporary_directory.hpp"
#include "scenario/input_error.hpp"

using namespace leakgate;
namespace fs = std::filesystem;

namespace {

fs::path writeExecutable(const fs::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary) << content;
  ::chmod(file.c_str(), 0755);
  return file;
}

// The ELF header of this test, with no program headers: no dynamic linker, as in a static program.
std::string elfWithoutInterpreter(unsigned machine = 0) {
  std::ifstream self("/proc/self/exe", std::ios::binary);
  Elf64_Ehdr header{};
  self.read(reinterpret_cast<char*>(&header), sizeof header);
  header.e_phnum = 0;
  if (machine != 0) header.e_machine = static_cast<Elf64_Half>(machine);
  return {reinterpret_cast<const char*>(&header), sizeof header};
}

LaunchSpec shell(const TemporaryDirectory& folder, const std::string& script) {
  return {"/bin/sh", {"sh", "-c", script}, {}, folder.path() / "log"};
}

std::string logOf(const TemporaryDirectory& folder) {
  std::ifstream file(folder.path() / "log");
  return {std::istreambuf_iterator<char>(file), {}};
}

bool eventually(const std::function<bool()>& condition) {
  for (int k = 0; k < 400; ++k) {
    if (condition()) return true;
    ::usleep(5000);
  }
  return false;
}

// How the process says that it has ended; "" while it runs.
std::string endOf(ServerProcess& process) {
  try {
    process.requireAlive();
  } catch (const MeasureError& error) {
    return error.what();
  }
  return "";
}

bool exists(pid_t pid) { return !processTree(pid, {}).running.empty(); }

}  // namespace

TEST_CASE("a folder for temporary files that is not there is named with the fix") {
  const char* before = std::getenv("TMPDIR");
  const std::string kept = before == nullptr ? "" : before;
  ::setenv("TMPDIR", "/no/such/folder", 1);
  CHECK_THROWS_WITH_AS(
      TemporaryDirectory(),
      "TMPDIR: found /no/such/folder, expected a folder for temporary files; make it, or set "
      "TMPDIR to one that is there",
      InputError);
  before == nullptr ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", kept.c_str(), 1);
}

TEST_CASE("programs are found as the shell finds them") {
  CHECK(findExecutable("sh").filename() == "sh");
  CHECK(findExecutable("/bin/sh") == "/bin/sh");
  CHECK_THROWS_WITH_AS(findExecutable("no-such-server-x"),
                       "target.command[0]: found \"no-such-server-x\", which is in no folder of PATH; "
                       "install it, or give its path",
                       InputError);
  CHECK_THROWS_WITH_AS(findExecutable("./missing/h3-demo"),
                       "target.command[0]: found \"./missing/h3-demo\", expected an executable file; build "
                       "it, or correct the path",
                       InputError);
  CHECK_THROWS_AS(findExecutable("/etc/passwd"), InputError);
}

TEST_CASE("programs that cannot take the shim are refused") {
  const TemporaryDirectory folder;
  const auto refused = [](const fs::path& file) {
    try {
      checkPreloadable(file);
    } catch (const InputError& error) {
      return std::string(error.what());
    } catch (const MeasureError& error) {
      return "measure: " + std::string(error.what());
    }
    return std::string();
  };
  CHECK(refused("/proc/self/exe") == "");
  CHECK(refused(writeExecutable(folder.path() / "script", "#! /bin/sh -e\nexit 0\n")) == "");
  const auto statically = writeExecutable(folder.path() / "static", elfWithoutInterpreter());
  CHECK(refused(statically) ==
        "measure: " + statically.string() +
            ": the shim cannot be loaded into it: it is statically linked; link it dynamically "
            "(without -static)");
  const auto scripted = writeExecutable(folder.path() / "scripted", "#!" + statically.string() + "\n");
  CHECK(refused(scripted).find("static: the shim cannot be loaded into it: it is statically linked") !=
        std::string::npos);
  CHECK(refused(writeExecutable(folder.path() / "other", elfWithoutInterpreter(EM_PPC)))
            .find("another architecture") != std::string::npos);
  CHECK_FALSE(refused(writeExecutable(folder.path() / "text", "hello")).starts_with("measure: "));
  CHECK(
      refused(writeExecutable(folder.path() / "text", "hello")).find("neither an ELF program nor a script") !=
      std::string::npos);
  CHECK(refused(writeExecutable(folder.path() / "gone", "#!/no/such/sh\n")).find("interpreter /no/such/sh") !=
        std::string::npos);
  fs::copy_file("/bin/true", folder.path() / "setuid");
  if (::getuid() == 0 && ::chown((folder.path() / "setuid").c_str(), 12345, 0) == 0) {
    ::chmod((folder.path() / "setuid").c_str(), 04755);
    CHECK(refused(folder.path() / "setuid").starts_with("measure: "));
    CHECK(refused(folder.path() / "setuid").find("setuid or setgid") != std::string::npos);
  }
}

TEST_CASE("the placeholders of a command are expanded") {
  const TemporaryDirectory folder;
  const auto shim = writeExecutable(folder.path() / "shim.so", "");
  TargetSpec target;
  target.command = {"{bin}/sh", "-p{port}", "{scenario_dir}/x:{port}:{port}"};
  target.env = {{"URL", "http://h:{port}"}, {"LD_PRELOAD", "libother.so"}};
  const LaunchValues values{"/bin", "/scenarios", 8080};
  LaunchSpec spec = planLaunch(target, values, Depth::sites, shim, "/regions");
  CHECK(spec.executable == "/bin/sh");
  CHECK(spec.arguments == std::vector<std::string>{"/bin/sh", "-p8080", "/scenarios/x:8080:8080"});
  CHECK(spec.environment.at("URL") == "http://h:8080");
  CHECK(spec.environment.at("LD_PRELOAD") == shim.string() + ":libother.so");
  CHECK(spec.environment.at("LEAKGATE_DIR") == "/regions");
  CHECK(spec.environment.at("LEAKGATE_DEPTH") == "sites");
  CHECK(planLaunch(target, values, Depth::count, shim, "/r").environment.at("LEAKGATE_DEPTH") == "count");
  spec = planLaunch(target, values, Depth::none, "", "");
  CHECK(spec.environment.at("LD_PRELOAD") == "libother.so");
  CHECK_FALSE(spec.environment.contains("LEAKGATE_DIR"));
  CHECK_THROWS_WITH_AS(planLaunch(target, values, Depth::sites, "/no/shim.so", "/r"),
                       "/no/shim.so: the shim is not there; build or install leakgate whole", InputError);
  CHECK_THROWS_AS(planLaunch(target, {"", "/s", 1}, Depth::none, "", ""), InputError);
}

TEST_CASE("a process gets its environment, its log and fixed addresses") {
  const TemporaryDirectory folder;
  LaunchSpec spec = shell(folder, "echo $GIVEN; echo err >&2; cat /proc/self/personality; exec sleep 60");
  spec.environment = {{"GIVEN", "a value"}};
  ServerProcess process(spec);
  CHECK(eventually([&] { return logOf(folder).size() >= std::string("a value\nerr\n00000000\n").size(); }));
  const std::string log = logOf(folder);
  CHECK(log.starts_with("a value\nerr\n"));
  CHECK(log.find("00040000") != std::string::npos);  // ADDR_NO_RANDOMIZE
  process.requireAlive();
  CHECK(eventually([&] { return sampleActivity(processTree(process.pid(), {})).descriptors == 3; }));
  // Right after exec it has touched one page.
  const auto sampled = [&] { return sampleProcesses(processTree(process.pid(), {})); };
  CHECK(eventually([&] { return sampled().rssBytes > 100'000 && sampled().mappings > 5; }));
  const ProcessSample sample = sampled();
  CHECK(sample.processes == 1);
  CHECK(sample.threads == 1);
  CHECK(sample.cpuNs > 0);
}

TEST_CASE("children and grandchildren are sampled") {
  const TemporaryDirectory folder;
  ServerProcess process(shell(folder, "(sleep 60; true) & sleep 60; true"));
  CHECK(eventually([&] { return sampleActivity(processTree(process.pid(), {})).processes == 4; }));
  CHECK(processTree(::getpid(), {process.pid()}).running.contains(process.pid()));
}

TEST_CASE("SIGTERM ends it by itself, or the deadline does") {
  const TemporaryDirectory folder;
  ExitResult result = ServerProcess(shell(folder, "exec sleep 60")).stop(std::chrono::seconds(5));
  CHECK(result.drained);
  CHECK(result.status == 128 + SIGTERM);
  result = ServerProcess(shell(folder, "trap 'exit 7' TERM; echo up; while :; do sleep 0.01; done"))
               .stop(std::chrono::seconds(5));
  CHECK(result.drained);
  ServerProcess stubborn(shell(folder, "trap '' TERM; echo stubborn; while :; do sleep 0.05; done"));
  CHECK(eventually([&] { return logOf(folder).find("stubborn") != std::string::npos; }));
  result = stubborn.stop(std::chrono::milliseconds(100));
  CHECK_FALSE(result.drained);
  CHECK(result.status == 128 + SIGKILL);
}

TEST_CASE("an early end is named with its log") {
  const TemporaryDirectory folder;
  ServerProcess process(shell(folder, "for k in $(seq 30); do echo line $k; done; exit 9"));
  CHECK(eventually([&] { return endOf(process) == "the target ended by itself with exit code 9"; }));
  CHECK(process.logTail().starts_with("  line 11\n"));
  CHECK(process.logTail().ends_with("  line 30\n"));
  ServerProcess killed(shell(folder, "kill -SEGV $$"));
  CHECK(eventually([&] { return endOf(killed).find("was ended by signal 11") != std::string::npos; }));
}

TEST_CASE("a file that cannot be executed") {
  const TemporaryDirectory folder;
  LaunchSpec spec = shell(folder, "");
  spec.executable = writeExecutable(folder.path() / "bad", "#!/no/such/interpreter\n");
  CHECK_THROWS_WITH_AS(ServerProcess{spec}, doctest::Contains("cannot be started: No such file"),
                       MeasureError);
}

TEST_CASE("a daemon is said to be one, and does not stay") {
  const TemporaryDirectory folder;
  const auto daemonPid = [&] { return static_cast<pid_t>(std::atoi(logOf(folder).c_str())); };
  {
    ServerProcess process(shell(folder, "setsid sh -c 'echo $$; exec sleep 60' & sleep 0.1"));
    CHECK(eventually([&] {
      return endOf(process).find("left 1 process behind: it must stay in the foreground") !=
             std::string::npos;
    }));
    CHECK(eventually([&] { return daemonPid() > 0; }));
    CHECK(exists(daemonPid()));
    CHECK(process.processes().running == std::set<pid_t>{daemonPid()});
  }
  CHECK_FALSE(exists(daemonPid()));
}

TEST_CASE("of a long output the end is kept, and no writer is held up or ended") {
  const TemporaryDirectory folder;
  ServerProcess process(shell(folder,
                              "head -c 9000000 /dev/zero | tr '\\0' 'x'; echo; printf 'last \\033[31mred "
                              "\\233 \\302\\233 \\342\\200\\256\\n'; exec sleep 60"));
  CHECK(eventually([&] { return process.logTail().find("last") != std::string::npos; }));
  CHECK(fs::file_size(folder.path() / "log") <= 2U << 20);
  CHECK(process.logTail().ends_with("  last \\x1b[31mred \\x9b \\x9b \\u202e\n"));
  process.requireAlive();
}

TEST_CASE("nothing of the group is left, whether stopped or orphaned") {
  const TemporaryDirectory folder;
  const auto childPid = [&] { return static_cast<pid_t>(std::atoi(logOf(folder).c_str())); };
  {
    ServerProcess process(shell(folder, "sleep 60 & echo $!; wait"));
    CHECK(eventually([&] { return childPid() > 0; }));
  }
  CHECK(eventually([&] { return !exists(childPid()); }));
  fs::remove(folder.path() / "log");
  const pid_t leakgate = ::fork();  // stands for a leakgate that is killed
  if (leakgate == 0) {
    const ServerProcess process(shell(folder, "sleep 60 & echo $!; wait"));
    for (;;) ::pause();
  }
  CHECK(eventually([&] { return childPid() > 0; }));
  CHECK(exists(childPid()));
  ::kill(leakgate, SIGKILL);
  ::waitpid(leakgate, nullptr, 0);
  CHECK(eventually([&] { return !exists(childPid()); }));
}
