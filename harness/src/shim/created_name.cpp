#include "shim/created_name.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "region/layout.hpp"
#include "shim/errno_keeper.hpp"
#include "shim/object_table.hpp"
#include "shim/process.hpp"
#include "shim/resource_tables.hpp"

namespace leakgate::shim {
namespace {

constexpr char kSharedMemoryFolder[] = "/dev/shm/";
constexpr uint32_t kMaxFolders = 256;

PathText gListFile;             ///< of the directories, for the runner
uint64_t gListed[kMaxFolders];  ///< their numbers; 0: free
PathText gTemporaryFolder;      ///< $TMPDIR with a slash; "" when not set

bool startsWith(const char* text, const char* start) noexcept {
  return strncmp(text, start, strlen(start)) == 0;
}

// Appends the directory of a descriptor, or the working directory. False when it is unknown.
bool appendFolder(PathText& path, int folder) noexcept {
  PathText link;
  if (folder == AT_FDCWD)
    link.append("/proc/self/cwd");
  else
    link.append("/proc/self/fd/").append(static_cast<uint64_t>(folder));
  char text[512];
  const ssize_t length = readlink(link.text(), text, sizeof text - 1);
  if (length <= 0) return false;
  text[length] = '\0';
  path.append(text);
  return true;
}

bool isBelowWorkingFolder(const char* path) noexcept {
  PathText folder;
  if (!appendFolder(folder, AT_FDCWD) || strcmp(folder.text(), "/") == 0) return false;
  folder.append("/");
  return startsWith(path, folder.text());
}

bool isFollowed(const char* path) noexcept {
  if (startsWith(path, "/tmp/") || startsWith(path, "/var/tmp/") || startsWith(path, kSharedMemoryFolder))
    return true;
  if (*gTemporaryFolder.text() != '\0' && startsWith(path, gTemporaryFolder.text())) return true;
  return isBelowWorkingFolder(path);
}

// Makes the whole path, without "./" and "//", so that a name has one number however it is written. False for
// a name that is not followed.
bool resolve(PathText& whole, int folder, const char* path) noexcept {
  if (path == nullptr || *path == '\0') return false;
  PathText raw;
  if (*path != '/') {
    if (!appendFolder(raw, folder)) return false;
    raw.append("/");
  }
  raw.append(path);
  char last = '\0';
  for (const char* at = raw.text(); *at != '\0'; ++at) {
    if (last == '/' && *at == '/') continue;
    if (last == '/' && at[0] == '.' && at[1] == '/') {
      ++at;
      continue;
    }
    last = *at;
    whole.append(at, 1);
  }
  return isFollowed(whole.text());
}

uint32_t kindOf(const char* path) noexcept {
  if (!startsWith(path, kSharedMemoryFolder)) return layout::kResourceFile;
  return startsWith(path + strlen(kSharedMemoryFolder), "sem.") ? layout::kResourceSemaphore
                                                                : layout::kResourceSharedMemory;
}

void writeToList(const char* folder, size_t length) noexcept {
  const int list = open(gListFile.text(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (list < 0) return;
  fchmod(list, 0666);  // workers of another user append as well
  PathText line;
  line.append(folder, length).append("\n");
  [[maybe_unused]] const ssize_t written = write(list, line.text(), strlen(line.text()));
  close(list);
}

void listFolderOf(const char* path) noexcept {
  const char* const slash = strrchr(path, '/');
  if (slash == nullptr || startsWith(path, kSharedMemoryFolder)) return;
  const auto length = static_cast<size_t>(slash - path);
  PathText folder;
  folder.append(path, length);
  const uint64_t number = numberOfName(folder.text());
  for (uint64_t& listed : gListed) {
    uint64_t known = __atomic_load_n(&listed, __ATOMIC_RELAXED);
    if (known == 0 &&
        __atomic_compare_exchange_n(&listed, &known, number, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
      return writeToList(path, length);
    if (known == number) return;
  }
}

}  // namespace

void prepareCreatedNames() noexcept {
  gListFile.append(regionDirectory()).append("/").append(layout::kFolderList);
  const char* folder = environ != nullptr ? getenv("TMPDIR") : nullptr;
  if (folder == nullptr || *folder != '/') return;
  gTemporaryFolder.append(folder).append("/");
}

NewName::NewName(int folder, const char* path) noexcept {
  ErrnoKeeper keeper;
  if (gMode == Mode::off || !resolve(path_, folder, path)) return;
  isNew_ = syscall(SYS_faccessat, AT_FDCWD, path_.text(), F_OK) != 0;
}

void NewName::madeBy(const CallerFrame& caller) noexcept {
  if (!isNew_) return;
  ErrnoKeeper keeper;
  noteObject(kindOf(path_.text()), numberOfName(path_.text()), 0, caller);
  if (countsCallOf(caller)) listFolderOf(path_.text());
}

void NewName::chosen(const char* path, const CallerFrame& caller) noexcept {
  ErrnoKeeper keeper;
  NewName name;
  name.isNew_ = gMode != Mode::off && resolve(name.path_, AT_FDCWD, path);
  name.madeBy(caller);
}

PathText sharedMemoryPath(const char* name) noexcept {
  PathText path;
  return path.append(kSharedMemoryFolder).append(*name == '/' ? name + 1 : name);
}

void forgetName(int folder, const char* path) noexcept {
  ErrnoKeeper keeper;
  PathText whole;
  if (gMode == Mode::off || !resolve(whole, folder, path)) return;
  forgetObject(kindOf(whole.text()), numberOfName(whole.text()));
}

void renameName(int fromFolder, const char* from, int toFolder, const char* to) noexcept {
  ErrnoKeeper keeper;
  if (gMode == Mode::off) return;
  PathText before, after;
  const bool wasFollowed = resolve(before, fromFolder, from);
  if (resolve(after, toFolder, to)) forgetObject(kindOf(after.text()), numberOfName(after.text()));
  if (!wasFollowed) return;
  if (*after.text() != '\0' && isFollowed(after.text()))
    moveObject(kindOf(before.text()), numberOfName(before.text()), numberOfName(after.text()));
  else
    forgetObject(kindOf(before.text()), numberOfName(before.text()));
}

}  // namespace leakgate::shim
