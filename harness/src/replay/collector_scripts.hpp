// Scripts that make the runtimes of Node.js and CPython collect when leakgate asks.
#pragma once

#include <string_view>

namespace leakgate {

/// What a script is told by its environment: the directory in which it makes its socket, named
/// "node-PID-WORKER" or "python-PID"; and whether it is to name the places of what it holds ("1").
inline constexpr char kHeapsVariable[] = "LEAKGATE_HEAPS";
inline constexpr char kHeapPlacesVariable[] = "LEAKGATE_HEAP_PLACES";

/// For NODE_OPTIONS=--require. Places are known from the first report on: the functions whose objects are
/// still alive, by V8's sampling of allocations.
extern const std::string_view kNodeCollector;

/// For a sitecustomize.py in PYTHONPATH; loads the one that it hides. Places by tracemalloc, from the first
/// report on.
extern const std::string_view kPythonCollector;

}  // namespace leakgate
