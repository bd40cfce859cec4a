#include "routing/route_trie.hpp"

#include <utility>

namespace h3 {

std::uint32_t& RouteTrie::endpoint(std::string_view pattern, std::span<const PatternSegment> segments) {
  std::uint32_t node = 0;
  for (const PatternSegment& segment : segments) {
    if (segment.kind == PatternSegment::Kind::rest) return nodes_[node].restEndpoint;
    node = childFor(node, pattern, segment);
  }
  return nodes_[node].endpoint;
}

void RouteTrie::freeze() {
  struct Only {
    std::uint32_t children = 0;
    std::uint32_t child = kNone;
    std::string_view text;
  };
  std::vector<Only> only(nodes_.size());
  literals_.forEach([&](std::uint32_t parent, std::string_view text, std::uint32_t child) {
    only[parent] = {only[parent].children + 1, child, text};
  });
  const auto passesOn = [&](std::uint32_t index) {
    const Node& node = nodes_[index];
    return only[index].children == 1 && node.endpoint == kNone && node.restEndpoint == kNone &&
           node.wildcard == kNone && node.firstParam == kNone;
  };
  for (std::uint32_t index = 0; index < nodes_.size(); ++index) {
    if (only[index].children != 1) continue;
    Run run{std::string(only[index].text), 1, only[index].child};
    for (; passesOn(run.target) && run.segments < PathSegments::kMaxSegments; ++run.segments) {
      run.text.append("/").append(only[run.target].text);
      run.target = only[run.target].child;
    }
    nodes_[index].run = static_cast<std::uint32_t>(runs_.size());
    runs_.push_back(std::move(run));
  }
}

std::uint32_t RouteTrie::newNode() {
  nodes_.emplace_back();
  return static_cast<std::uint32_t>(nodes_.size() - 1);
}

std::uint32_t RouteTrie::childFor(std::uint32_t parent, std::string_view pattern,
                                  const PatternSegment& segment) {
  switch (segment.kind) {
    case PatternSegment::Kind::param:
      return paramChild(parent, pattern, segment);
    case PatternSegment::Kind::wildcard:
      return wildcardChild(parent);
    default:
      return literalChild(parent, segment.text);
  }
}

std::uint32_t RouteTrie::literalChild(std::uint32_t parent, std::string_view text) {
  const std::uint32_t known = literals_.find(parent, text);
  if (known != kNone) return known;
  const std::uint32_t child = newNode();
  literals_.insert(parent, text, child);
  nodes_[parent].hasLiterals = true;
  return child;
}

std::uint32_t RouteTrie::wildcardChild(std::uint32_t parent) {
  if (nodes_[parent].wildcard != kNone) return nodes_[parent].wildcard;
  const std::uint32_t child = newNode();
  nodes_[parent].wildcard = child;
  return child;
}

// Two parameters are the same place when their constraints are spelled the same.
std::uint32_t RouteTrie::paramChild(std::uint32_t parent, std::string_view pattern,
                                    const PatternSegment& segment) {
  for (std::uint32_t child = nodes_[parent].firstParam; child != kNone; child = nodes_[child].nextParam) {
    if (constraintOf(child) == segment.constraint) return child;
  }
  const std::uint32_t child = newNode();
  if (!segment.constraint.empty()) {
    constraints_.emplace_back(pattern, segment.constraintPosition, segment.constraint.size());
    constraintTexts_.emplace_back(segment.constraint);
    nodes_[child].constraint = static_cast<std::uint32_t>(constraints_.size() - 1);
  }
  linkParam(parent, child);
  return child;
}

// After the other constrained ones, before the unconstrained one: there is at most one, and it stays last.
void RouteTrie::linkParam(std::uint32_t parent, std::uint32_t child) {
  std::uint32_t* link = &nodes_[parent].firstParam;
  while (*link != kNone && nodes_[*link].constraint != kNone) link = &nodes_[*link].nextParam;
  nodes_[child].nextParam = *link;
  *link = child;
}

std::string_view RouteTrie::constraintOf(std::uint32_t node) const noexcept {
  const std::uint32_t constraint = nodes_[node].constraint;
  return constraint == kNone ? std::string_view() : constraintTexts_[constraint];
}

}  // namespace h3
