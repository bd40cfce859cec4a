#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "h3http/detail/route_params.hpp"
#include "h3http/detail/route_pattern.hpp"
#include "h3http/detail/segment_constraint.hpp"
#include "http/short_text.hpp"
#include "routing/literal_edges.hpp"
#include "routing/path_segments.hpp"

namespace h3 {

/// Patterns as a tree of segments; a path leads to an endpoint, a number whose meaning is the owner's.
///
/// Each node is reached by one sequence of choices, so a search visits it at most once.
/// Names are not part of the tree: "/a/:x" and "/a/:y" are the same place.
class RouteTrie {
 public:
  static constexpr std::uint32_t kNone = LiteralEdges::kNone;  ///< all bits set

  /// The values of parameters, in the order of the pattern, and last the rest matched by '**'.
  class Captures {
   public:
    void push(std::string_view value) noexcept { values_[count_++] = value; }
    void pop() noexcept { --count_; }
    void shrinkTo(std::size_t count) noexcept { count_ = count; }
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

  /// The endpoint for these segments, created if missing; it is kNone until the owner sets it. Lifetime:
  /// until the next call.
  std::uint32_t& endpoint(std::string_view pattern, std::span<const PatternSegment> segments);

  /// Call it when all endpoints are made: searches then take each run of nodes with one child in one step.
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

    /// Whether there are other children than literals.
    bool branches() const noexcept { return (firstParam & wildcard & restEndpoint) != kNone; }
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
    static constexpr std::uint32_t kFound = kNone - 1;

   public:
    Search(const RouteTrie& trie, std::string_view path, Accept& accept) noexcept
        : trie_(trie), segments_(path), accept_(accept) {}

    // Continues without a call while a node has only one way on, which mostly is the whole path.
    bool from(std::uint32_t index, std::size_t depth) noexcept {
      for (;;) {
        const Node& node = trie_.nodes_[index];
        if (depth == segments_.count()) {
          if (node.endpoint != kNone && accept_(node.endpoint, captures_)) return true;
          return node.restEndpoint != kNone && acceptRest(node.restEndpoint, depth);
        }
        const Step literal = literalStep(node, index, depth);
        if (!node.branches()) {
          if (literal.node == kNone) return false;
          index = literal.node;
          depth = literal.depth;
          continue;
        }
        if (literal.node != kNone && attempt(literal.node, literal.depth)) return true;
        const std::string_view segment = segments_[depth];
        const std::uint32_t last = segment.empty() ? kNone : lastOpenChild(node, segment, depth);
        if (last == kFound) return true;
        if (last == kNone) return node.restEndpoint != kNone && acceptRest(node.restEndpoint, depth);
        index = last;
        ++depth;
      }
    }

   private:
    struct Step {
      std::uint32_t node;
      std::size_t depth;
    };

    // As from(), and leaves the captures as they were when nothing is found.
    bool attempt(std::uint32_t index, std::size_t depth) noexcept {
      const std::size_t captured = captures_.count();
      if (from(index, depth)) return true;
      captures_.shrinkTo(captured);
      return false;
    }

    Step literalStep(const Node& node, std::uint32_t index, std::size_t depth) const noexcept {
      if (node.run != kNone) return runStep(trie_.runs_[node.run], depth);
      if (!node.hasLiterals) return {kNone, depth};
      return {trie_.literals_.find(index, segments_[depth]), depth + 1};
    }

    Step runStep(const Run& run, std::size_t depth) const noexcept {
      const std::size_t end = depth + run.segments;
      if (end > segments_.count()) return {kNone, depth};
      const std::string_view text = segments_.slice(depth, run.segments);
      const bool same =
          text.size() == run.text.size() && equalTexts(text.data(), run.text.data(), text.size());
      return {same ? run.target : kNone, end};
    }

    // For the children that match more than one text: kFound, or the last one that is left if nothing else
    // can match after it, or kNone.
    std::uint32_t lastOpenChild(const Node& node, std::string_view segment, std::size_t depth) noexcept {
      const bool endsHere = (node.wildcard & node.restEndpoint) == kNone;
      for (std::uint32_t child = node.firstParam; child != kNone; child = trie_.nodes_[child].nextParam) {
        const Node& param = trie_.nodes_[child];
        if (param.constraint != kNone && !trie_.constraints_[param.constraint].matches(segment)) continue;
        captures_.push(segment);
        if (endsHere && param.nextParam == kNone) return child;
        if (attempt(child, depth + 1)) return kFound;
        captures_.pop();
      }
      if (node.wildcard == kNone || node.restEndpoint == kNone) return node.wildcard;
      return attempt(node.wildcard, depth + 1) ? kFound : kNone;
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
