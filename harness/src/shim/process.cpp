#include "shim/process.hpp"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "shim/created_name.hpp"
#include "shim/fatal.hpp"
#include "shim/file_locks.hpp"
#include "shim/module_table.hpp"
#include "shim/next_allocator.hpp"
#include "shim/object_table.hpp"
#include "shim/private_memory.hpp"
#include "shim/region_writer.hpp"
#include "shim/resource_sites.hpp"
#include "shim/resource_tables.hpp"
#include "shim/scope_table.hpp"
#include "shim/shadow_table.hpp"
#include "shim/site_table.hpp"
#include "shim/small_text.hpp"
#include "shim/stack_capture.hpp"
#include "shim/stack_filter.hpp"
#include "shim/stack_sites.hpp"
#include "shim/stack_table.hpp"
#include "shim/thread_slots.hpp"

namespace leakgate::shim {

Mode gMode = Mode::undecided;
QuickWay gQuickWay = QuickWay::none;
const layout::ControlPage* gControl = nullptr;
ForkLocal* gForkLocal = nullptr;

namespace {

SpinLock gStartLock;
RegionSettings gSettings;
PathText gDirectory;
char gInitialEnvironment[65536];
bool gCapturesStacks = false;

// Before libc has set `environ` (in .preinit_array, for example) only the kernel's copy exists.
const char* findInitialVariable(const char* name) noexcept {
  static size_t length = 0;
  if (length == 0)
    length = readStart("/proc/self/environ", gInitialEnvironment, sizeof gInitialEnvironment - 1);
  const size_t nameLength = strlen(name);
  for (const char* at = gInitialEnvironment; at < gInitialEnvironment + length; at += strlen(at) + 1) {
    if (strncmp(at, name, nameLength) == 0 && at[nameLength] == '=') return at + nameLength + 1;
  }
  return nullptr;
}

const char* findVariable(const char* name) noexcept {
  return environ != nullptr ? getenv(name) : findInitialVariable(name);
}

void mapControl() noexcept {
  PathText path = gDirectory;
  path.append("/control");
  const int file = open(path.text(), O_RDONLY | O_CLOEXEC);
  if (file < 0) fail("cannot open the control page", path.text(), errno);
  void* page = mmap(nullptr, sizeof(layout::ControlPage), PROT_READ, MAP_SHARED, file, 0);
  if (page == MAP_FAILED) fail("cannot map the control page", path.text(), errno);
  close(file);
  gControl = static_cast<const layout::ControlPage*>(page);
  if (gControl->magic != layout::kControlMagic || gControl->layoutVersion != layout::kLayoutVersion) {
    fail("control page of another version; use shim and leakgate of one build", path.text(), 0);
  }
}

Mode wantedMode() noexcept {
  const char* depth = findVariable(layout::kDepthVariable);
  if (depth == nullptr || strcmp(depth, "sites") == 0) return Mode::sites;
  if (strcmp(depth, "count") == 0) return Mode::count;
  if (strcmp(depth, "stacks") == 0) return Mode::stacks;
  fail("LEAKGATE_DEPTH must be count, sites or stacks, and is", depth, 0);
}

uint32_t wantedCapacity(const char* variable, uint32_t most, const char* complaint) noexcept {
  const char* text = findVariable(variable);
  const uint64_t capacity = text != nullptr ? parseNumber(text) : most;
  if (capacity == 0 || capacity > most) fail(complaint, text, 0);
  return static_cast<uint32_t>(capacity);
}

layout::Capacities wantedCapacities() noexcept {
  return {wantedCapacity(layout::kSiteCapacityVariable, layout::kSiteCapacity,
                         "LEAKGATE_SITES must be from 1 to 262144, and is"),
          wantedCapacity(layout::kStackCapacityVariable, layout::kStackCapacity,
                         "LEAKGATE_STACKS must be from 1 to 262144, and is")};
}

uint32_t depthOf(Mode mode) noexcept {
  if (mode == Mode::count) return layout::kDepthCount;
  return mode == Mode::sites ? layout::kDepthSites : layout::kDepthStacks;
}

RegionSettings chooseSettings(Mode mode) noexcept {
  RegionSettings settings{};
  settings.directory = gDirectory.text();
  settings.depth = depthOf(mode);
  settings.capacities = wantedCapacities();
  if (mode == Mode::count) settings.flags |= layout::kLiveBytesAreUsable;
  if (mode == Mode::count && !tellsUsableSize()) settings.flags |= layout::kLiveBytesUnknown;
  return settings;
}

bool wantsRules() noexcept {
  const char* unwinder = findVariable(layout::kUnwinderVariable);
  if (unwinder == nullptr || *unwinder == '\0') return kHasFrameRules;
  if (strcmp(unwinder, "libunwind") == 0) return false;
  if (kHasFrameRules && strcmp(unwinder, "rules") == 0) return true;
  fail(kHasFrameRules ? "LEAKGATE_UNWINDER must be rules or libunwind, and is"
                      : "LEAKGATE_UNWINDER must be libunwind on this CPU, and is",
       unwinder, 0);
}

// Depth stacks. With a filter most sites are counted as at depth sites.
Mode startStacks() noexcept {
  prepareStacks(gSettings.capacities.stacks);
  prepareStackSites(wantsRules());
  gCapturesStacks = true;
  const char* filter = findVariable(layout::kStackFilterVariable);
  if (filter == nullptr || *filter == '\0') return Mode::stacks;
  PathText path = gDirectory;
  path.append("/").append(filter);
  prepareFilter(path.text());
  return Mode::sites;
}

QuickWay quickWayOf(Mode mode) noexcept {
  if (mode == Mode::count) return writesHeads() ? QuickWay::heads : QuickWay::none;
  return mode == Mode::sites ? QuickWay::sites : QuickWay::frees;
}

// Once per process image.
void start() noexcept {
  const char* directory = findVariable(layout::kDirectoryVariable);
  if (directory == nullptr || *directory == '\0') {
    gMode = Mode::off;
    return;
  }
  gDirectory.append(directory);
  mapControl();
  Mode mode = wantedMode();
  gSettings = chooseSettings(mode);
  gForkLocal = static_cast<ForkLocal*>(mapPrivate(sizeof(ForkLocal), AtFork::wipe));
  if (gForkLocal == nullptr) fail("no address space for the shim's tables", "mmap", errno);
  if (mode == Mode::stacks) mode = startStacks();
  if (mode != Mode::count) {
    prepareShadow();
    prepareSites(gSettings.capacities.sites);
  }
  prepareResourceTables();
  prepareObjectTable();
  prepareFileLocks();
  prepareCreatedNames();
  prepareThreadEnd();
  gQuickWay = quickWayOf(mode);
  __atomic_store_n(&gMode, mode, __ATOMIC_RELEASE);
}

// Once per process: at the start, and again in each child of fork.
void own() noexcept {
  SpinGuard guard(gForkLocal->openLock);
  if (gForkLocal->ready != 0) return;
  gForkLocal->mayUnwind = gRegion.header == nullptr || unwindLocksAreFree() ? 1 : 0;
  openRegion(gSettings,
             {scopeCount(), moduleCount(), siteCount(), stackCount(), frameCount(), resourceCount()});
  gForkLocal->shared.counters = gRegion.segments[0];
  __atomic_store_n(&gForkLocal->ready, 1, __ATOMIC_RELEASE);
}

__attribute__((constructor)) void startWithProgram() noexcept {
  if (ensureReady() && gCapturesStacks) prepareStackSitesLate();
}

}  // namespace

bool ensureReady() noexcept {
  Mode mode = __atomic_load_n(&gMode, __ATOMIC_ACQUIRE);
  if (mode == Mode::off) return false;
  if (mode == Mode::undecided) {
    if (!resolveNext()) return false;  // dlsym's own allocation, in the boot arena
    SpinGuard guard(gStartLock);
    if (gMode == Mode::undecided) start();
    mode = gMode;
  }
  if (mode == Mode::off) return false;
  if (__atomic_load_n(&gForkLocal->ready, __ATOMIC_ACQUIRE) == 0) own();
  return true;
}

bool countFromNow() noexcept {
  if (!resolveNext()) return false;
  {
    SpinGuard guard(gStartLock);
    if (gMode != Mode::off) return false;
    start();
  }
  if (ensureReady() && gCapturesStacks) prepareCapture();
  return true;
}

const char* regionDirectory() noexcept { return gDirectory.text(); }

void noteDroppedEvent() noexcept { __atomic_fetch_add(&gRegion.header->eventsDropped, 1, __ATOMIC_RELAXED); }

void noteFoldedStack() noexcept { __atomic_fetch_add(&gRegion.header->stacksFolded, 1, __ATOMIC_RELAXED); }

void noteMissedStack() noexcept { __atomic_fetch_add(&gRegion.header->stacksMissed, 1, __ATOMIC_RELAXED); }

}  // namespace leakgate::shim

extern "C" [[gnu::visibility("default")]] int leakgate_count_from_now() noexcept {
  return leakgate::shim::countFromNow() ? 0 : -1;
}
