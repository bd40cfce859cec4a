#include "symbols/rust_v0_name.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>

namespace leakgate {

namespace {

constexpr std::size_t kMaxText = 4096;
constexpr int kMaxNesting = 200;

// Reads the v0 grammar from left to right and writes as it goes.
class V0Reader {
 public:
  explicit V0Reader(std::string_view text) : text_(text) {}

  std::string read() {
    readPath();
    return failed_ ? "" : std::move(out_);
  }

 private:
  // Counts the open levels of the grammar.
  struct Level {
    explicit Level(V0Reader& owner) : reader(owner) {
      if (++reader.depth_ > kMaxNesting) reader.failed_ = true;
    }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    ~Level() { --reader.depth_; }
    V0Reader& reader;
  };

  char peek() const { return !failed_ && at_ < text_.size() ? text_[at_] : '\0'; }
  char next() {
    const char c = peek();
    if (c == '\0') failed_ = true;
    ++at_;
    return c;
  }
  bool accept(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void write(std::string_view text) {
    if (silent_ > 0) return;
    out_ += text;
    if (out_.size() > kMaxText) failed_ = true;
  }

  // "_" is 0, "0_" is 1.
  std::uint64_t readBase62() {
    if (accept('_')) return 0;
    std::uint64_t value = 0;
    while (!failed_ && !accept('_')) {
      const char c = next();
      const int digit = std::isdigit(static_cast<unsigned char>(c)) != 0   ? c - '0'
                        : std::islower(static_cast<unsigned char>(c)) != 0 ? c - 'a' + 10
                                                                           : c - 'A' + 36;
      value = value * 62 + static_cast<std::uint64_t>(digit);
    }
    return value + 1;
  }
  std::uint64_t readOptional(char tag) { return accept(tag) ? readBase62() + 1 : 0; }

  std::string_view readBytes() {
    accept('u');
    std::size_t length = 0;
    const char* end = text_.data() + text_.size();
    const char* from = text_.data() + std::min(at_, text_.size());
    // A number has no leading zeros: "00" is two of them.
    const bool zero = from != end && *from == '0';
    const auto [stop, error] = std::from_chars(from, zero ? from + 1 : end, length);
    if (failed_ || error != std::errc()) {
      failed_ = true;
      return "";
    }
    at_ += static_cast<std::size_t>(stop - from);
    accept('_');
    if (length > text_.size() - std::min(at_, text_.size())) {
      failed_ = true;
      return "";
    }
    at_ += length;
    return text_.substr(at_ - length, length);
  }

  // Reads again the text at an earlier position.
  template <class Read>
  void readBackref(Read read) {
    const std::size_t from = at_ - 1;
    const std::uint64_t target = readBase62();
    if (failed_ || target >= from) {
      failed_ = true;
      return;
    }
    const std::size_t after = at_;
    at_ = target;
    read();
    at_ = after;
  }

  void readImplPath() {
    readOptional('s');
    ++silent_;
    readPath();
    --silent_;
  }

  void readNested() {
    const char space = next();
    readPath();
    const std::uint64_t number = readOptional('s');
    const std::string_view name = readBytes();
    if (std::isupper(static_cast<unsigned char>(space)) != 0) {
      write(space == 'C' ? "::{closure" : space == 'S' ? "::{shim" : "::{other");
      if (!name.empty()) write(":" + std::string(name));
      write("#" + std::to_string(number) + "}");
    } else if (!name.empty()) {
      write("::" + std::string(name));
    }
  }

  void readPath() {
    const Level level(*this);
    switch (next()) {
      case 'C':
        readOptional('s');
        return write(readBytes());
      case 'N':
        return readNested();
      case 'M':
        readImplPath();
        write("<");
        readType();
        return write(">");
      case 'X':
        readImplPath();
        [[fallthrough]];
      case 'Y':
        write("<");
        readType();
        write(" as ");
        readPath();
        return write(">");
      case 'I':
        readPath();
        write("<");
        readList([&] { readGeneric(); });
        return write(">");
      case 'B':
        return readBackref([&] { readPath(); });
      default:
        failed_ = true;
    }
  }

  // Up to "E"; returns how many.
  template <class Read>
  std::size_t readList(Read read) {
    std::size_t count = 0;
    for (; !failed_ && !accept('E'); ++count) {
      if (count > 0) write(", ");
      read();
    }
    return count;
  }

  void readGeneric() {
    if (accept('L')) {
      readBase62();
      write("'_");
    } else if (accept('K')) {
      readConst();
    } else {
      readType();
    }
  }

  static std::string_view basicType(char letter) {
    constexpr std::array<std::string_view, 26> kNames{
        "i8",   "bool", "char", "f64", "str", "f32", "",    "u8", "isize", "usize", "",    "i32", "u32",
        "i128", "u128", "_",    "",    "",    "i16", "u16", "()", "...",   "",      "i64", "u64", "!"};
    return letter >= 'a' && letter <= 'z' ? kNames[static_cast<std::size_t>(letter - 'a')] : "";
  }

  void readReference(std::string_view sign) {
    write(sign);
    if (accept('L')) readBase62();
    readType();
  }

  void readType() {
    const Level level(*this);
    const char tag = peek();
    if (const auto basic = basicType(tag); !basic.empty()) {
      ++at_;
      return write(basic);
    }
    constexpr std::string_view kPathTags = "CMXYNI";
    if (kPathTags.find(tag) != std::string_view::npos) return readPath();
    switch (next()) {
      case 'A':
        write("[");
        readType();
        write("; ");
        readConst();
        return write("]");
      case 'S':
        write("[");
        readType();
        return write("]");
      case 'T': {
        write("(");
        const std::size_t count = readList([&] { readType(); });
        return write(count == 1 ? ",)" : ")");
      }
      case 'R':
        return readReference("&");
      case 'Q':
        return readReference("&mut ");
      case 'P':
        return readReference("*const ");
      case 'O':
        return readReference("*mut ");
      case 'F':
        return readFunction();
      case 'D':
        return readDyn();
      case 'B':
        return readBackref([&] { readType(); });
      default:
        failed_ = true;
    }
  }

  void readFunction() {
    readOptional('G');
    if (accept('U')) write("unsafe ");
    if (accept('K') && !accept('C')) readBytes();
    write("fn(");
    readList([&] { readType(); });
    write(")");
    if (accept('u')) return;
    write(" -> ");
    readType();
  }

  void readDyn() {
    readOptional('G');
    write("dyn ");
    for (bool first = true; !failed_ && !accept('E'); first = false) {
      if (!first) write(" + ");
      readPath();
      while (accept('p')) {
        ++silent_;  // Iterator<Item = u8>: the trait's name is enough
        readBytes();
        readType();
        --silent_;
      }
    }
    if (accept('L')) readBase62();
  }

  void readConst() {
    const Level level(*this);
    if (accept('p')) return write("_");
    if (accept('B')) return readBackref([&] { readConst(); });
    next();  // its type
    if (accept('n')) write("-");
    std::uint64_t value = 0;
    while (!failed_ && !accept('_')) {
      const char c = next();
      const int digit = std::isdigit(static_cast<unsigned char>(c)) != 0 ? c - '0' : c - 'a' + 10;
      value = value * 16 + static_cast<std::uint64_t>(digit);
    }
    write(std::to_string(value));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string out_;
  int depth_ = 0;
  int silent_ = 0;  ///< read, not written
  bool failed_ = false;
};

}  // namespace

std::string rustV0Name(std::string_view path) { return V0Reader(path).read(); }

}  // namespace leakgate
