#include "fake_region.hpp"

#include <unistd.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>

#include "region/region_error.hpp"
#include "region/region_reader.hpp"

namespace leakgate {
namespace {

void writeAt(std::fstream& file, std::uint64_t offset, const void* bytes, std::size_t count) {
  file.seekp(static_cast<std::streamoff>(offset));
  file.write(static_cast<const char*>(bytes), static_cast<std::streamsize>(count));
}

// 0 when there is no such process.
std::uint64_t startTicksOf(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  if (!file) return 0;
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::istringstream rest(text.substr(text.rfind(')') + 1));
  std::string field;
  for (int i = 3; i <= 22; ++i) rest >> field;
  return std::stoull(field);
}

}  // namespace

FakeRegion::FakeRegion() {
  header.magic = layout::kRegionMagic;
  header.layoutVersion = layout::kLayoutVersion;
  header.headerBytes = sizeof header;
  header.depth = layout::kDepthSites;
  layout::placeTables(header, {kSites, kStacks});
  belongTo(::getpid());
}

void FakeRegion::belongTo(pid_t pid) {
  header.pid = static_cast<std::uint32_t>(pid);
  header.startTicks = startTicksOf(pid);
}

std::vector<layout::Counter>& FakeRegion::addSegment() {
  return segments.emplace_back(layout::counterCapacity(kSites), layout::Counter{});
}

std::filesystem::path FakeRegion::write(const std::filesystem::path& directory, int number) const {
  layout::RegionHeader written = header;
  written.scopeCount = static_cast<std::uint32_t>(scopes.size());
  written.moduleCount = static_cast<std::uint32_t>(modules.size());
  written.siteCount = static_cast<std::uint32_t>(sites.size());
  written.stackCount = static_cast<std::uint32_t>(stacks.size());
  written.resourceCount = static_cast<std::uint32_t>(resources.size());
  written.segmentCount = static_cast<std::uint32_t>(segments.size());
  const std::filesystem::path path =
      directory / (std::to_string(header.pid) + "-" + std::to_string(number) + ".region");
  std::ofstream(path).close();
  std::filesystem::resize_file(path, header.segmentsOffset + segments.size() * header.segmentBytes);
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  writeAt(file, 0, &written, sizeof written);
  for (std::size_t i = 0; i < scopes.size(); ++i) {
    writeAt(file, header.scopesOffset + i * sizeof(layout::ScopeName), scopes[i].data(), scopes[i].size());
  }
  writeAt(file, header.modulesOffset, modules.data(), modules.size() * sizeof(layout::Module));
  writeAt(file, header.sitesOffset, sites.data(), sites.size() * sizeof(layout::SiteKey));
  writeAt(file, header.stacksOffset, stacks.data(), stacks.size() * sizeof(layout::Stack));
  writeAt(file, header.framesOffset, frames.data(), frames.size() * sizeof(std::uint64_t));
  writeAt(file, header.resourcesOffset, resources.data(), resources.size() * sizeof(layout::ResourceSite));
  for (std::size_t i = 0; i < segments.size(); ++i) {
    writeAt(file, header.segmentsOffset + i * header.segmentBytes, segments[i].data(),
            segments[i].size() * sizeof(layout::Counter));
  }
  return path;
}

FakeRegion regionWithOneSite() {
  FakeRegion region;
  region.scopes = {"", "parse"};
  region.sites = {{kNowhere, 40, 1, 3}};
  region.addSegment()[layout::kFirstSiteId] = {5, 2, 200, 80};
  return region;
}

std::string refusal(const std::filesystem::path& directory) {
  try {
    RegionReader(directory).read();
    return "";
  } catch (const RegionError& error) {
    return error.what();
  }
}

}  // namespace leakgate
