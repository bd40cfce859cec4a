// Decides who owns the code of a frame.
#pragma once

#include <string>
#include <string_view>

#include "symbols/frame.hpp"

namespace leakgate {

/// A place in the code. Unknown parts are "".
struct CodeOrigin {
  std::string_view function;  ///< readable
  std::string_view file;      ///< source file, absolute where possible
  std::string_view module;    ///< the mapped file: its path, or its name alone
};

/// Decides by the source file where there is one, else by the function's name and the module:
///
///   runtime   libc, the C++ library and its headers, Rust's own libraries, allocators, `operator new`
///   library   headers below /usr and /opt, vendored sources (third_party, _deps, node_modules, .cargo ...);
///             modules without sources: shared objects, system programs, interpreters; H3, unless it was
///             built in the program's own project
///   user      everything else
///
/// `project`: the directory of the program's own sources, see projectRoot(). Files in it are not taken for
/// the system's because of the project's own location.
Owner ownerOf(const CodeOrigin& origin, std::string_view project);

/// Decides by the parts of a frame that a report keeps, unless the owner is already set.
Owner ownerOf(const Frame& frame);

/// The common directory of the file of main() and of its compilation directory; the file's own directory if
/// the common one is the root or directly below it. "" when the file is unknown.
std::string projectRoot(const std::string& mainFile, const std::string& buildFolder);

}  // namespace leakgate
