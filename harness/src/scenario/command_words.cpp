#include "scenario/command_words.hpp"

#include <algorithm>
#include <cctype>

#include "scenario/input_error.hpp"

namespace leakgate {

namespace {

// One pass over the text; `quote` is the open quote or 0.
struct Splitter {
  std::vector<std::string> words;
  std::string word;
  bool inWord = false;
  char quote = 0;

  void endWord() {
    if (inWord) words.push_back(std::move(word));
    word.clear();
    inWord = false;
  }

  void put(char c) {
    word += c;
    inWord = true;
  }

  void take(char c) {
    if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else {
        put(c);
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
      inWord = true;
    } else if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      endWord();
    } else {
      put(c);
    }
  }
};

}  // namespace

std::vector<std::string> splitCommand(std::string_view command) {
  Splitter splitter;
  for (std::size_t i = 0; i < command.size(); ++i) {
    const bool escapes = command[i] == '\\' && splitter.quote != '\'' && i + 1 < command.size();
    if (escapes) {
      splitter.put(command[++i]);
    } else {
      splitter.take(command[i]);
    }
  }
  if (splitter.quote != 0) {
    throw InputError("--target", "", std::string("a ") + splitter.quote + " that is not closed",
                     "a closing quote");
  }
  splitter.endWord();
  if (splitter.words.empty()) {
    throw InputError("--target", "", "nothing", "a command",
                     "for example --target 'my-server --port {port}'");
  }
  return splitter.words;
}

std::string shellQuoted(const std::string& word) {
  constexpr std::string_view kPlain = "-_./:=,@%+{}";
  const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [&](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || kPlain.find(c) != std::string_view::npos;
  });
  // Braces that bash would expand: {a,b} and {1..3}, but not {port}.
  const bool expands = word.find('{') != std::string::npos &&
                       (word.find(',') != std::string::npos || word.find("..") != std::string::npos);
  if (plain && !expands) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

}  // namespace leakgate
