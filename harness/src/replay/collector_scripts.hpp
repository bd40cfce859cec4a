// Scripts that make Node.js and CPython collect garbage on request.
#pragma once

#include <string_view>

namespace leakgate {

/// The scripts' environment: the directory for their sockets, named "node-PID-WORKER" or "python-PID"; and
/// whether to report where live objects were allocated ("1").
inline constexpr char kHeapsVariable[] = "LEAKGATE_HEAPS";
inline constexpr char kHeapPlacesVariable[] = "LEAKGATE_HEAP_PLACES";

/// For NODE_OPTIONS=--require. Reports places from the first report on: the functions whose objects are still
/// alive, by V8's sampling of allocations.
extern const std::string_view kNodeCollector;

/// For a sitecustomize.py in PYTHONPATH; loads the one that it hides. Reports places by tracemalloc, from the
/// first report on.
extern const std::string_view kPythonCollector;

}  // namespace leakgate
