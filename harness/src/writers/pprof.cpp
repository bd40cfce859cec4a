#include <map>
#include <protozero/pbf_writer.hpp>
#include <tuple>
#include <unordered_map>

#include "report/gzip.hpp"
#include "writers/allocation_samples.hpp"
#include "writers/foreign_text.hpp"
#include "writers/formats.hpp"

namespace leakgate {

namespace {

using protozero::pbf_writer;

// Field numbers of perftools.profiles, proto/profile.proto of github.com/google/pprof.
namespace profile {
enum {
  sampleType = 1,
  sample = 2,
  mapping = 3,
  location = 4,
  function = 5,
  stringTable = 6,
  defaultSampleType = 14
};
}
namespace valueType {
enum { type = 1, unit = 2 };
}
namespace sample {
enum { locationIds = 1, values = 2, label = 3 };
}
namespace label {
enum { key = 1, text = 2 };
}
namespace mapping {
enum { id = 1, file = 5, hasFunctions = 7, hasFileNames = 8, hasLines = 9, hasInlined = 10 };
}
namespace location {
enum { id = 1, mapping = 2, line = 4 };
}
namespace line {
enum { function = 1, number = 2 };
}
namespace function {
enum { id = 1, name = 2, systemName = 3, file = 4 };
}

// Numbers from 0 (strings) or 1 (the others), in the order of their first use.
template <class Key>
class Numbering {
 public:
  explicit Numbering(std::uint64_t first) : next_(first) {}

  /// The number, and whether it is new.
  std::pair<std::uint64_t, bool> of(const Key& key) {
    const auto [at, isNew] = numbers_.try_emplace(key, next_);
    if (isNew) ++next_;
    return {at->second, isNew};
  }

 private:
  std::map<Key, std::uint64_t> numbers_;
  std::uint64_t next_;
};

class PprofFile {
 public:
  PprofFile() : writer_(text_) {
    stringOf("");  // the first is to be empty
    for (const char* type : {"alloc_objects", "alloc_space", "inuse_objects", "inuse_space"}) {
      pbf_writer value(writer_, profile::sampleType);
      value.add_int64(valueType::type, stringOf(type));
      value.add_int64(valueType::unit,
                      stringOf(std::string_view(type).ends_with("space") ? "bytes" : "count"));
    }
  }

  void add(const AllocationSample& of) {
    std::vector<std::uint64_t> locations;
    for (const Frame* frame : of.frames) locations.push_back(locationOf(*frame));
    if (locations.empty()) locations.push_back(locationOf(kNoStack));
    std::string text;
    pbf_writer writer(text);
    writer.add_packed_uint64(sample::locationIds, locations.begin(), locations.end());
    const std::int64_t values[]{of.allocatedBlocks, of.allocatedBytes, of.liveBlocks, of.liveBytes};
    writer.add_packed_int64(sample::values, std::begin(values), std::end(values));
    addLabel(writer, "scenario", of.result->name);
    addLabel(writer, "step", of.step);
    addLabel(writer, "scope", of.scope);
    addLabel(writer, "fingerprint", of.fingerprint);
    writer_.add_message(profile::sample, text);
  }

  std::string finish() {
    writer_.add_int64(profile::defaultSampleType, stringOf("alloc_space"));
    for (const auto& string : strings_) writer_.add_string(profile::stringTable, string);
    return gzip(text_);
  }

 private:
  inline static const Frame kNoStack{"(at no stack)", "", 0, false, "", 0};

  std::int64_t stringOf(const std::string& string) {
    const auto [number, isNew] = stringNumbers_.of(string);
    if (isNew) strings_.push_back(string);
    return static_cast<std::int64_t>(number);
  }

  void addLabel(pbf_writer& to, const char* key, const std::string& value) {
    if (value.empty()) return;
    pbf_writer writer(to, sample::label);
    writer.add_int64(label::key, stringOf(key));
    writer.add_int64(label::text, stringOf(foreignLine(value)));
  }

  // A mapping says that there is nothing to look up in the program.
  std::uint64_t mappingOf(const std::string& module) {
    const auto [number, isNew] = mappings_.of(module);
    if (!isNew) return number;
    pbf_writer writer(writer_, profile::mapping);
    writer.add_uint64(mapping::id, number);
    writer.add_int64(mapping::file, stringOf(module));
    for (const auto field :
         {mapping::hasFunctions, mapping::hasFileNames, mapping::hasLines, mapping::hasInlined})
      writer.add_bool(field, true);
    return number;
  }

  std::uint64_t functionOf(const std::string& name, const std::string& file) {
    const auto [number, isNew] = functions_.of({name, file});
    if (!isNew) return number;
    pbf_writer writer(writer_, profile::function);
    writer.add_uint64(function::id, number);
    writer.add_int64(function::name, stringOf(name));
    writer.add_int64(function::systemName, stringOf(name));
    writer.add_int64(function::file, stringOf(file));
    return number;
  }

  std::uint64_t locationOf(const Frame& frame) {
    const std::uint64_t ofModule = mappingOf(foreignLine(frame.module));
    const std::uint64_t ofFunction = functionOf(frameName(frame), foreignLine(frame.file));
    const auto [number, isNew] = locations_.of({ofModule, ofFunction, frame.line});
    if (!isNew) return number;
    pbf_writer writer(writer_, profile::location);
    writer.add_uint64(location::id, number);
    writer.add_uint64(location::mapping, ofModule);
    pbf_writer lineWriter(writer, location::line);
    lineWriter.add_uint64(line::function, ofFunction);
    lineWriter.add_int64(line::number, frame.line);
    return number;
  }

  std::string text_;
  pbf_writer writer_;
  std::vector<std::string> strings_;
  Numbering<std::string> stringNumbers_{0};
  Numbering<std::string> mappings_{1};
  Numbering<std::pair<std::string, std::string>> functions_{1};
  Numbering<std::tuple<std::uint64_t, std::uint64_t, unsigned>> locations_{1};
};

}  // namespace

std::string pprofFile(const WriterInput& input) {
  PprofFile file;
  for (const auto& sample : allocationSamples(input.results)) file.add(sample);
  return file.finish();
}

}  // namespace leakgate
