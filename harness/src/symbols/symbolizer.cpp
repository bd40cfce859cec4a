#include "symbols/symbolizer.hpp"

#include <elfutils/libdwelf.h>
#include <fmt/core.h>

#include <filesystem>
#include <map>

#include "symbols/debug_module.hpp"
#include "symbols/owner.hpp"

namespace leakgate {

namespace {

// A program may choose any names: escape sequences in them must not reach a terminal.
std::string printable(const std::string& text) {
  std::string shown;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    shown += byte < 0x20 || byte == 0x7f ? fmt::format("\\x{:02x}", byte) : std::string(1, c);
  }
  return shown;
}

}  // namespace

struct Symbolizer::Modules {
  std::map<std::string, DebugModule> byPath;
};

Symbolizer::Symbolizer() : modules_(std::make_unique<Modules>()) {}
Symbolizer::~Symbolizer() = default;

std::vector<Frame> Symbolizer::frames(const CodeLocation& location) {
  DebugModule& module = modules_->byPath.try_emplace(location.module, location.module).first->second;
  Frame blank;
  blank.module = std::filesystem::path(location.module).filename().string();
  blank.offset = location.offset;
  // A return address points after the call, perhaps into the next line or function.
  std::vector<Frame> stack{blank};
  if (location.offset > 0) stack = module.framesAt(location.offset - 1, blank);
  for (Frame& frame : stack) {
    if (frame.owner == Owner::unknown)
      frame.owner = ownerOf({frame.function, frame.file, location.module}, module.project());
    for (std::string* text : {&frame.function, &frame.file, &frame.module, &frame.missingFile})
      *text = printable(*text);
  }
  return stack;
}

std::string buildIdOf(const std::string& path) {
  const DebugModule module(path);
  const void* bits = nullptr;
  const ssize_t length = module.elf() == nullptr ? -1 : dwelf_elf_gnu_build_id(module.elf(), &bits);
  std::string text;
  for (ssize_t i = 0; i < length; ++i) {
    constexpr std::string_view kHex = "0123456789abcdef";
    const auto byte = static_cast<const unsigned char*>(bits)[i];
    text += kHex[byte >> 4U];
    text += kHex[byte & 15U];
  }
  return text;
}

std::string producerOf(const std::string& path) { return DebugModule(path).producer(); }

}  // namespace leakgate
