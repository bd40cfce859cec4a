#include "symbols/owner.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "symbols/function_name.hpp"

namespace leakgate {

namespace {

namespace fs = std::filesystem;

template <std::size_t N>
using Words = std::array<std::string_view, N>;

template <std::size_t N>
bool startsWithOneOf(std::string_view text, const Words<N>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.starts_with(word); });
}

template <std::size_t N>
bool containsOneOf(std::string_view text, const Words<N>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

std::string_view nameOf(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool isBelow(std::string_view file, std::string_view folder) {
  return !folder.empty() && file.size() > folder.size() + 1 && file.starts_with(folder) &&
         file[folder.size()] == '/';
}

// Modules under every program.
bool isRuntimeModule(std::string_view module) {
  constexpr Words<16> kModules{
      "libc.so",      "libc-2.",        "ld-linux",       "ld-musl",     "libc.musl",
      "libstdc++.so", "libgcc_s.so",    "libpthread.so",  "libc++.so.",  "libc++abi.so.",
      "libm.so",      "libmimalloc.so", "libjemalloc.so", "libtcmalloc", "libleakgate_shim.so",
      "libstd-"};
  return startsWithOneOf(nameOf(module), kModules);
}

// Programs that run the user's code.
bool isInterpreter(std::string_view module) {
  constexpr Words<16> kPrograms{"python",  "libpython",  "node",     "java", "libjvm", "ruby",
                                "libruby", "perl",       "libperl",  "php",  "libphp", "lua",
                                "dotnet",  "libcoreclr", "beam.smp", "libv8"};
  const std::string_view name = nameOf(module);
  return std::any_of(kPrograms.begin(), kPrograms.end(), [&](std::string_view program) {
    const std::string_view rest = name.substr(std::min(program.size(), name.size()));
    return name.starts_with(program) && (rest.empty() || rest.find_first_not_of("0123456789.so-") != 0);
  });
}

bool isSharedObject(std::string_view module) {
  const std::string_view name = nameOf(module);
  return name.ends_with(".so") || name.find(".so.") != std::string_view::npos;
}

bool isSystemPath(std::string_view path) {
  constexpr Words<5> kFolders{"/usr/", "/lib/", "/lib64/", "/bin/", "/sbin/"};
  return startsWithOneOf(path, kFolders) && !path.starts_with("/usr/src/") && !path.starts_with("/usr/home/");
}

bool isRuntimeFile(std::string_view file) {
  constexpr Words<8> kParts{"/include/c++/", "/rustc/",        "/rustlib/src/rust/library/",
                            "/bits/gthr",    "/libstdc++-v3/", "/src/libcxx/",
                            "/sysdeps/",     "/coreclr/"};
  return containsOneOf(file, kParts);
}

// Third-party sources in the user's directories.
bool isVendored(std::string_view file) {
  constexpr Words<16> kFolders{"/third_party/",     "/3rdparty/", "/third-party/",    "/thirdparty/",
                               "/external/",        "/_deps/",    "/vendor/",         "/vendored/",
                               "/node_modules/",    "/.cargo/",   "/cargo/registry/", "/pkg/mod/",
                               "/vcpkg_installed/", "/.conan",    "/subprojects/",    "/site-packages/"};
  return containsOneOf(file, kFolders);
}

// Namespaces of libraries that are mostly headers, for code without debug information.
bool isLibraryNamespace(std::string_view function) {
  constexpr Words<14> kNamespaces{
      "boost::", "asio::",  "nlohmann::",  "fmt::",     "spdlog::", "absl::", "google::protobuf::",
      "grpc::",  "folly::", "rapidjson::", "httplib::", "Eigen::",  "tbb::",  "h3::"};
  while (function.starts_with("lambda in ")) function.remove_prefix(10);
  return startsWithOneOf(function, kNamespaces);
}

bool isH3(std::string_view function) {
  while (function.starts_with("lambda in ")) function.remove_prefix(10);
  return function.starts_with("h3::");
}

// With -g1, inlined functions have no namespace.
bool isH3Source(std::string_view file) {
  constexpr Words<2> kFolders{"/framework/src/", "/h3http/"};
  return containsOneOf(file, kFolders);
}

Owner ownerOfSource(const CodeOrigin& origin, std::string_view project) {
  if (isRuntimeFile(origin.file)) return Owner::runtime;
  // Directories above the project must not decide about files in it.
  const bool own = isBelow(origin.file, project);
  const std::string_view inside = own ? origin.file.substr(project.size()) : origin.file;
  if (isVendored(inside)) return Owner::library;
  if (own) return Owner::user;
  // The user's specializations of the standard library's templates are in the project.
  if (isLibraryName(origin.function)) return Owner::runtime;
  const bool installed = isSystemPath(origin.file) || origin.file.starts_with("/opt/");
  const bool otherProjects = !project.empty() && (isH3(origin.function) || isH3Source(origin.file));
  return installed || otherProjects ? Owner::library : Owner::user;
}

Owner ownerOfBinary(const CodeOrigin& origin) {
  if (isLibraryName(origin.function)) return Owner::runtime;
  if (origin.module.empty() && origin.function.empty()) return Owner::runtime;
  const bool others = isSharedObject(origin.module) || isSystemPath(origin.module);
  return others || isLibraryNamespace(origin.function) ? Owner::library : Owner::user;
}

bool isAllocation(std::string_view function) {
  return isLibraryName(function) && function.find("::") == std::string_view::npos;
}

}  // namespace

std::string_view toString(Owner owner) {
  switch (owner) {
    case Owner::user:
      return "user";
    case Owner::library:
      return "library";
    case Owner::runtime:
      return "runtime";
    case Owner::unknown:
      break;
  }
  return "unknown";
}

Owner ownerOf(const CodeOrigin& origin, std::string_view project) {
  if (isRuntimeModule(origin.module) || isAllocation(origin.function)) return Owner::runtime;
  if (isInterpreter(origin.module)) return Owner::library;
  // The debug information of a system library names sources, but they are not the user's.
  const bool systems = isSharedObject(origin.module) && isSystemPath(origin.module);
  if (origin.file.empty() || systems) return ownerOfBinary(origin);
  return ownerOfSource(origin, project);
}

Owner ownerOf(const Frame& frame) {
  if (frame.owner != Owner::unknown) return frame.owner;
  return ownerOf({frame.function, frame.file, frame.module}, "");
}

std::string projectRoot(const std::string& mainFile, const std::string& buildFolder) {
  const fs::path folder = fs::path(mainFile).lexically_normal().parent_path();
  const fs::path build = fs::path(buildFolder).lexically_normal();
  fs::path common;
  for (auto a = folder.begin(), b = build.begin(); a != folder.end() && b != build.end() && *a == *b;
       ++a, ++b)
    common /= *a;
  const auto levels = std::distance(common.begin(), common.end());
  return levels > 2 ? common.string() : folder.string();  // "/" counts as one
}

}  // namespace leakgate
