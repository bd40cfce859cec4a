// Instructions per request, by valgrind's callgrind.
#pragma once

#include <cstdint>
#include <filesystem>

#include "replay/progress.hpp"
#include "session/revision_run.hpp"

namespace leakgate {

/// Of replays under callgrind, which takes some fifty times as long: of two numbers of requests the difference is
/// counted.
inline constexpr std::uint64_t kCountedWarmup = 80;
inline constexpr std::uint64_t kFewRequests = 80;
inline constexpr std::uint64_t kCountedRequests = 400;

/// User instructions that the server in a folder, with all its processes, spends on a request of the plan's
/// scenario; the kernel's are not counted.
///
/// Two runs under callgrind, of which one has 400 requests more: what start and end cost cancels out. Each of
/// these requests comes alone, over one connection, 2 ms after the one before, so that what wakes the server is
/// the same in every run; work by the clock still counts as that of the requests. glibc's choices by the size of
/// the caches are pinned (GLIBC_TUNABLES), unless the scenario sets that variable. Neither where memory lies nor
/// how the code was linked matters. Takes some seconds. Errors: as measureIn(); MeasureError when the
/// server was ended by force, before callgrind could write its count.
double instructionsPerRequest(const std::filesystem::path& top, const RevisionPlan& plan,
                              const MeasureOptions& options, Progress& progress);

}  // namespace leakgate
