// The kernel's figures of real processes: this one, with objects made here.
#include "replay/object_sampler.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <string>
#include <vector>

#include "region/layout.hpp"
#include "replay/descriptor.hpp"
#include "replay/process_sampler.hpp"
#include "replay/shared_objects.hpp"
#include "replay/temporary_directory.hpp"

using namespace leakgate;

namespace {

// Counts from the moment it is made.
class Sampling {
 public:
  explicit Sampling(std::set<std::filesystem::path> own = {}) : sampler_(folder_.path(), std::move(own)) {}

  ProcessSample sample() {
    ProcessSample now;
    sampler_.addTo(now, {::getpid()});
    return now;
  }
  ObjectAmount amount(ResourceKind kind) { return sample().objects[kind]; }
  const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  TemporaryDirectory folder_;
  ObjectSampler sampler_;
};

std::string ownName(const char* what) { return "/leakgate-test-" + std::to_string(::getpid()) + what; }

}  // namespace

TEST_CASE("watches and registrations behind one descriptor") {
  Sampling sampling;
  const Descriptor instance(::inotify_init1(IN_CLOEXEC));
  const Descriptor poll(::epoll_create1(EPOLL_CLOEXEC));
  const auto watches = sampling.amount(ResourceKind::watch).count;
  const auto registrations = sampling.amount(ResourceKind::registration).count;
  REQUIRE(::inotify_add_watch(instance.get(), "/", IN_CREATE) > 0);
  REQUIRE(::inotify_add_watch(instance.get(), "/tmp", IN_CREATE) > 0);
  epoll_event event{};
  REQUIRE(::epoll_ctl(poll.get(), EPOLL_CTL_ADD, instance.get(), &event) == 0);
  CHECK(sampling.amount(ResourceKind::watch).count == watches + 2);
  CHECK(sampling.amount(ResourceKind::registration).count == registrations + 1);
}

TEST_CASE("timers and locks") {
  Sampling sampling;
  const auto timers = sampling.amount(ResourceKind::timer).count;
  const auto locks = sampling.amount(ResourceKind::lock).count;
  sigevent event{};
  event.sigev_notify = SIGEV_NONE;
  timer_t timer{};
  REQUIRE(::timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
  const Descriptor file(::open((sampling.folder() / "locked").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600));
  struct flock region {};
  region.l_type = F_WRLCK;
  region.l_whence = SEEK_SET;
  region.l_len = 1;
  REQUIRE(::fcntl(file.get(), F_SETLK, &region) == 0);
  CHECK(sampling.amount(ResourceKind::timer).count == timers + 1);
  CHECK(sampling.amount(ResourceKind::lock).count == locks + 1);
  ::timer_delete(timer);
}

TEST_CASE("pages of a memfd count as bytes, and its number is that of descriptors") {
  Sampling sampling;
  const ObjectAmount before = sampling.amount(ResourceKind::sharedMemory);
  const Descriptor file(::memfd_create("spool", MFD_CLOEXEC));
  const Descriptor copy(::dup(file.get()));
  const std::vector<char> pages(3 * 4096, 'x');
  REQUIRE(::write(file.get(), pages.data(), pages.size()) == 3 * 4096);
  const ObjectAmount after = sampling.amount(ResourceKind::sharedMemory);
  CHECK(after.count == before.count);
  CHECK(after.bytes == before.bytes + 3 * 4096);
  CHECK(sampling.sample().descriptorTypes["memfd:spool"] == 2);
}

TEST_CASE("what was there before does not count, what comes does") {
  const int old = ::shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
  Sampling sampling;
  const ObjectAmount memory = sampling.amount(ResourceKind::sharedMemory);
  const ObjectAmount semaphores = sampling.amount(ResourceKind::semaphore);
  const int segment = ::shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
  const int set = ::semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
  const Descriptor named(::shm_open(ownName("").c_str(), O_CREAT | O_RDWR, 0600));
  REQUIRE(::ftruncate(named.get(), 4096) == 0);
  REQUIRE(::pwrite(named.get(), "x", 1, 0) == 1);
  // Others may make such objects at the same time.
  CHECK(sampling.amount(ResourceKind::sharedMemory).count >= memory.count + 2);
  CHECK(sampling.amount(ResourceKind::sharedMemory).bytes >= memory.bytes + 4096);
  CHECK(sampling.amount(ResourceKind::semaphore).count >= semaphores.count + 1);
  ::shmctl(segment, IPC_RMID, nullptr);
  ::shmctl(old, IPC_RMID, nullptr);
  ::semctl(set, 0, IPC_RMID);
  ::shm_unlink(ownName("").c_str());
}

// Other programs make such objects meanwhile, but not so many.
constexpr int kMany = 64;

TEST_CASE("segments of another living process do not count, those of one that has ended do") {
  Sampling sampling;
  const auto before = sampling.amount(ResourceKind::sharedMemory).count;
  int end[2];
  int made[2];
  REQUIRE((::pipe2(end, O_CLOEXEC) == 0 && ::pipe2(made, O_CLOEXEC) == 0));
  const pid_t other = ::fork();
  if (other == 0) {
    ::close(end[1]);
    std::array<int, kMany> segments{};
    for (int& segment : segments) segment = ::shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
    char until = 0;
    const bool told = ::write(made[1], &segments, sizeof segments) == sizeof segments;
    ::_exit(told && ::read(end[0], &until, 1) == 0 ? 0 : 1);
  }
  std::array<int, kMany> segments{};
  REQUIRE(::read(made[0], &segments, sizeof segments) == sizeof segments);
  const auto meanwhile = sampling.amount(ResourceKind::sharedMemory).count;
  for (const int descriptor : {end[0], end[1], made[0], made[1]}) ::close(descriptor);
  REQUIRE(::waitpid(other, nullptr, 0) == other);
  const auto after = sampling.amount(ResourceKind::sharedMemory).count;
  for (const int segment : segments) CHECK(::shmctl(segment, IPC_RMID, nullptr) == 0);
  CHECK(meanwhile < before + kMany / 2);
  CHECK(after > before + kMany / 2);
}

TEST_CASE("names of a user as whom the target does not run do not count") {
  if (::geteuid() != 0) {
    MESSAGE("skipped: only root can give a file to another user");
    return;
  }
  constexpr uid_t kOther = 65'534;
  Sampling sampling;
  const auto before = sampling.amount(ResourceKind::sharedMemory).count;
  const auto nameOf = [](int i) { return ownName("-other-") + std::to_string(i); };
  std::vector<Descriptor> named;
  for (int i = 0; i < kMany; ++i) named.emplace_back(::shm_open(nameOf(i).c_str(), O_CREAT | O_RDWR, 0600));
  const auto own = sampling.amount(ResourceKind::sharedMemory).count;
  for (const Descriptor& file : named) CHECK(::fchown(file.get(), kOther, kOther) == 0);
  const auto given = sampling.amount(ResourceKind::sharedMemory).count;
  for (int i = 0; i < kMany; ++i) ::shm_unlink(nameOf(i).c_str());
  CHECK(own > before + kMany / 2);
  CHECK(given < before + kMany / 2);
}

TEST_CASE("POSIX message queues that the kernel lists nowhere count as the shim saw them") {
  MemorySnapshot memory;
  memory.resources = {{ResourceKind::posixQueue, {"/bin/server", 1}, 9, 2, 0, 0},
                      {ResourceKind::posixQueue, {"/bin/server", 2}, 0, 1, 0, 0},
                      {ResourceKind::messageQueue, {"/bin/server", 3}, 50, 0, 0, 0}};
  ProcessSample sample;
  sample.objects[ResourceKind::messageQueue].count = 3;  // of System V
  addUnlistedQueues(sample, memory, "/proc/self");
  CHECK(sample.objects[ResourceKind::messageQueue].count == 9);
  addUnlistedQueues(sample, {}, "/no/such/folder");
  CHECK(sample.objects[ResourceKind::messageQueue].count == 9);
}

TEST_CASE("names are counted in the directories that the shim lists") {
  Sampling sampling;
  const TemporaryDirectory made;
  CHECK(sampling.amount(ResourceKind::file).count == 0);
  std::ofstream(sampling.folder() / layout::kFolderList) << made.path().string() << "\n/no/such/folder\n";
  const auto before = sampling.amount(ResourceKind::file).count;
  for (const char* name : {"a", "b"}) std::ofstream(made.path() / name) << "x";
  std::filesystem::create_directory(made.path() / "c");
  CHECK(sampling.amount(ResourceKind::file).count == before + 3);
}

TEST_CASE("open files with their sizes, but not leakgate's own") {
  const TemporaryDirectory files, own;
  Sampling sampling({own.path()});
  std::ofstream log(files.path() / "log"), ours(own.path() / "target.log");
  log << std::string(500, 'x') << std::flush;
  ours << "x" << std::flush;
  const Descriptor deleted(::open((files.path() / "gone").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600));
  std::filesystem::remove(files.path() / "gone");
  ProcessSample sample = sampling.sample();
  CHECK(sample.openFiles[files.path() / "log"] == 500);
  CHECK(sample.openFiles.contains((files.path() / "gone").string() + " (deleted)"));
  CHECK_FALSE(sample.openFiles.contains(own.path() / "target.log"));
  CHECK(sample.descriptorTypes["deleted file in " + files.path().string()] == 1);
}

TEST_CASE("sockets are listed by state once they are many more") {
  Sampling sampling;
  CHECK(sampling.sample().descriptorTypes.count("TCP socket in CLOSE_WAIT") == 0);
  const Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  REQUIRE(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), length) == 0);
  REQUIRE(::listen(listener.get(), 16) == 0);
  REQUIRE(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &length) == 0);
  std::vector<Descriptor> kept;
  for (int i = 0; i < 10; ++i) {
    const Descriptor client(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    REQUIRE(::connect(client.get(), reinterpret_cast<sockaddr*>(&address), length) == 0);
    kept.emplace_back(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  }
  char end = 0;
  for (const auto& socket : kept) CHECK(::read(socket.get(), &end, 1) == 0);  // the client's end has come
  CHECK(sampling.sample().descriptorTypes["TCP socket in CLOSE_WAIT"] == 10);
}

TEST_CASE("children that have ended are zombies until they are waited for") {
  const auto zombies = [] { return processTree(::getpid(), {}).zombies; };
  const auto before = zombies();
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  siginfo_t info{};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT) == 0);
  CHECK(zombies() == before + 1);
  CHECK_FALSE(processTree(::getpid(), {}).running.contains(child));
  REQUIRE(::waitpid(child, nullptr, 0) == child);
  CHECK(zombies() == before);
}

TEST_CASE("rows distinguish the processes") {
  const ProcessSample sample = sampleProcesses(processTree(::getpid(), {}));
  const auto own = std::find_if(sample.rows.begin(), sample.rows.end(),
                                [](const ProcessRow& row) { return row.pid == ::getpid(); });
  REQUIRE(own != sample.rows.end());
  CHECK(own->startTicks > 0);
  CHECK(own->threads >= 1);
  CHECK(own->descriptors >= 3);
  CHECK(own->mappings > 5);
}
