#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "h3http/route_params.hpp"
#include "h3http/route_pattern.hpp"
#include "h3http/segment_constraint.hpp"
#include "http/short_text.hpp"
#include "routing/literal_edges.hpp"
#include "routing/path_segments.hpp"

namespace h3 {

/// Patterns as a tree of segments; what a path ends at is an endpoint, a number that the owner gives meaning
/// to.
///
/// Each node is reached by one sequence of choices, so a search visits it at most once.
/// Names are not part of the tree: "/a/:x" and "/a/:y" are the same place.
class RouteTrie {
 public:
  static constexpr std::uint32_t kNone = LiteralEdges::kNone;

  /// The values of parameters, in the order of the pattern, and last what '**' took.
  class Captures {
   public:
    void push(std::string_view value) noexcept { values_[count_++] = value; }
    void pop() noexcept { --count_; }
    std::size_t count() const noexcept { return count_; }
    std::string_view operator[](std::size_t index) const noexcept { return values_[index].view(); }

   private:
    struct Value {
      const char* data;
      std::size_t size;
      Value& operator=(std::string_view text) noexcept {
        data = text.data();
        size = text.size();
        return *this;
      }
      std::string_view view() const noexcept { return {data, size}; }
    };
    std::size_t count_ = 0;
    Value values_[RouteParams::kCapacity + 1];  // And one for an unnamed '**'.
  };

  RouteTrie() : nodes_(1) {}

  /// The endpoint's place for these segments, made when it is not there; kNone in it until the owner sets it.
  /// Lifetime: until the next call.
  std::uint32_t& endpoint(std::string_view pattern, std::span<const PatternSegment> segments);

  /// No endpoint will be made any more: searches take each run of nodes that have one child in one step.
  void freeze();

  /// Offers endpoints that fit the path, the most specific first, until `accept(endpoint, captures)` is true.
  template <class Accept>
  bool search(std::string_view path, Accept&& accept) const noexcept {
    if (path.empty() || path.front() != '/') return false;
    return Search<Accept>(*this, path, accept).from(0, 0);
  }

 private:
  struct Node {
    std::uint32_t endpoint = kNone;      ///< For a path that ends here.
    std::uint32_t restEndpoint = kNone;  ///< For '**' from here.
    std::uint32_t wildcard = kNone;      ///< Child by '*'.
    std::uint32_t firstParam =
        kNone;  ///< Children by parameter: constrained ones first, in order of registration.
    std::uint32_t nextParam = kNone;   ///< This node's next sibling in such a list.
    std::uint32_t constraint = kNone;  ///< This node's own, when it is reached by a constrained parameter.
    std::uint32_t run = kNone;         ///< Set by freeze() where there is exactly one literal child.
    bool hasLiterals = false;
  };

  /// Literal segments in a row, without a choice between them: "api/v1/users".
  struct Run {
    std::string text;
    std::uint32_t segments;
    std::uint32_t target;
  };

  /// One search: what its steps share.
  template <class Accept>
  class Search {
   public:
    Search(const RouteTrie& trie, std::string_view path, Accept& accept) noexcept
        : trie_(trie), segments_(path), accept_(accept) {}

    bool from(std::uint32_t index, std::size_t depth) noexcept {
      const Node& node = trie_.nodes_[index];
      if (depth == segments_.count()) {
        if (node.endpoint != kNone && accept_(node.endpoint, captures_)) return true;
      } else {
        const std::string_view segment = segments_[depth];
        if (node.run != kNone) {
          if (fromRun(trie_.runs_[node.run], depth)) return true;
        } else if (node.hasLiterals) {
          const std::uint32_t child = trie_.literals_.find(index, segment);
          if (child != kNone && from(child, depth + 1)) return true;
        }
        if (!segment.empty() && fromOpen(node, segment, depth)) return true;
      }
      return node.restEndpoint != kNone && acceptRest(node.restEndpoint, depth);
    }

   private:
    bool fromRun(const Run& run, std::size_t depth) noexcept {
      if (depth + run.segments > segments_.count()) return false;
      const std::string_view text = segments_.slice(depth, run.segments);
      return text.size() == run.text.size() && equalTexts(text.data(), run.text.data(), text.size()) &&
             from(run.target, depth + run.segments);
    }

    // By the children that take more than one text.
    bool fromOpen(const Node& node, std::string_view segment, std::size_t depth) noexcept {
      for (std::uint32_t child = node.firstParam; child != kNone; child = trie_.nodes_[child].nextParam) {
        const std::uint32_t constraint = trie_.nodes_[child].constraint;
        if (constraint != kNone && !trie_.constraints_[constraint].matches(segment)) continue;
        captures_.push(segment);
        if (from(child, depth + 1)) return true;
        captures_.pop();
      }
      return node.wildcard != kNone && from(node.wildcard, depth + 1);
    }

    bool acceptRest(std::uint32_t endpoint, std::size_t depth) noexcept {
      captures_.push(segments_.from(depth));
      const bool accepted = accept_(endpoint, captures_);
      captures_.pop();
      return accepted;
    }

    const RouteTrie& trie_;
    PathSegments segments_;
    Captures captures_;
    Accept& accept_;
  };

  std::uint32_t newNode();
  std::uint32_t childFor(std::uint32_t parent, std::string_view pattern, const PatternSegment& segment);
  std::uint32_t literalChild(std::uint32_t parent, std::string_view text);
  std::uint32_t wildcardChild(std::uint32_t parent);
  std::uint32_t paramChild(std::uint32_t parent, std::string_view pattern, const PatternSegment& segment);
  void linkParam(std::uint32_t parent, std::uint32_t child);
  std::string_view constraintOf(std::uint32_t node) const noexcept;

  std::vector<Node> nodes_;  ///< The first is the root.
  LiteralEdges literals_;
  std::vector<Run> runs_;
  std::vector<SegmentConstraint> constraints_;
  std::vector<std::string> constraintTexts_;
};

}  // namespace h3
