// Language runtimes with their own heap, and how to recognise them in a process.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <istream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace leakgate {

enum class Runtime { jvm, node, cpython, go, ruby, dotnet, mono };

struct RuntimeTraits {
  Runtime runtime;
  std::string_view name;     ///< "Node.js"
  std::string_view heap;     ///< "the JavaScript heap"
  std::string_view objects;  ///< its content: "JavaScript objects"
};

const RuntimeTraits& traitsOf(Runtime runtime);

/// A runtime in a process, with its own files: allocations there belong to its collector.
struct RuntimeInProcess {
  Runtime runtime = Runtime::jvm;
  std::string module;  ///< the library or program that contains it

  /// Whether a file belongs to it: the module, or for a JVM any library of the same installation.
  bool owns(std::string_view file) const;

  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 sees a 0 in each comparison
  friend auto operator<=>(const RuntimeInProcess&, const RuntimeInProcess&) = default;
};

/// By the names of mapped files ("libjvm.so"), and by the content of a program: the section .note.go.buildid,
/// or exported symbols of V8, CPython or Ruby.
std::set<RuntimeInProcess> recogniseRuntimes(const std::vector<std::string>& mappedFiles);

/// Of one program or library; empty when it contains none or cannot be read.
std::set<RuntimeInProcess> runtimesIn(const std::filesystem::path& file);

/// Files that a process has mapped executable, each once. From the text of /proc/PID/maps.
std::vector<std::string> mappedCode(std::istream& maps);

}  // namespace leakgate
