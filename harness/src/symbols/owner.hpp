// Whose code a frame is.
#pragma once

#include <string>
#include <string_view>

#include "symbols/frame.hpp"

namespace leakgate {

/// What is known of a place in the code. A part that is not known is "".
struct CodeOrigin {
  std::string_view function;  ///< readable
  std::string_view file;      ///< source file, absolute where possible
  std::string_view module;    ///< the mapped file: its path, or its name alone
};

/// Decides by the source file where there is one, else by the function's name and the module:
///
///   runtime   libc, the C++ library and its headers, Rust's own libraries, allocators, `operator new`
///   library   headers below /usr and /opt, vendored sources (third_party, _deps, node_modules, .cargo ...),
///   modules
///             without sources: shared objects, programs of the system, interpreters. H3 when it was not
///             built in the program's own project
///   user      everything else
///
/// `project`: the folder of the program's own sources, see projectRoot(). What lies below it is not taken for
/// the system's because of where the project lies.
Owner ownerOf(const CodeOrigin& origin, std::string_view project);

/// Decides by what a report keeps of a frame, unless that is said already.
Owner ownerOf(const Frame& frame);

/// The folder that the file of main() and the folder it was compiled in have in common; the file's own folder
/// where that is only the root or a folder in it. "" when the file is not known.
std::string projectRoot(const std::string& mainFile, const std::string& buildFolder);

}  // namespace leakgate
