#include "html/stack_list.hpp"

#include <fmt/core.h>

#include "report/stack_text.hpp"
#include "symbols/blame.hpp"
#include "symbols/owner.hpp"

namespace leakgate {

namespace {

bool isUsers(const Frame& frame) { return ownerOf(frame) == Owner::user; }

void addFrame(Markup& markup, const Frame& frame, bool blamed) {
  const std::string names = std::string(isUsers(frame) ? "user" : "library") + (blamed ? " blamed" : "");
  const auto item = markup.open("li", {{"class", names}});
  markup.element("code", frame.function.empty() ? "?" : frame.function);
  markup.text(" " + placeText(frame) + (frame.inlined ? ", inlined" : ""));
  if (blamed) markup.element("strong", " (line to blame)");
}

// The end of the frames from `first` on that may be folded: not the user's, not the one to blame.
std::size_t endOfLibraries(const std::vector<Frame>& stack, std::size_t first, std::size_t blamed) {
  std::size_t end = first;
  while (end < stack.size() && end != blamed && !isUsers(stack[end])) ++end;
  return end;
}

void addFolded(Markup& markup, const std::vector<Frame>& stack, std::size_t first, std::size_t end) {
  const auto item = markup.open("li");
  const auto details = markup.open("details");
  markup.element("summary", fmt::format("{} frames of libraries: {}", end - first,
                                        stack[first].function.empty() ? "?" : stack[first].function));
  const auto list = markup.open("ol");
  for (std::size_t i = first; i < end; ++i) addFrame(markup, stack[i], false);
}

}  // namespace

void addStackList(Markup& markup, const std::vector<Frame>& stack, bool truncated) {
  if (stack.empty()) return;
  const std::size_t blamed = callerIsUnknown(stack, truncated) ? stack.size() : frameToBlame(stack);
  const auto list = markup.open("ol", {{"class", "stack"}});
  for (std::size_t i = 0; i < stack.size();) {
    const std::size_t end = endOfLibraries(stack, i, blamed);
    if (end - i > 1) {
      addFolded(markup, stack, i, end);
      i = end;
    } else {
      addFrame(markup, stack[i], i == blamed);
      ++i;
    }
  }
  if (truncated) markup.element("li", "the rest was not unwound");
}

}  // namespace leakgate
