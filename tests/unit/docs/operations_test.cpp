// docs/operations.md promises a table of what the log says: this finds the texts in the code.

#include "tests/support/project_directory.hpp"

#include <doctest/doctest.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace docs_operations_test {

using namespace ocpi;
namespace fs = std::filesystem;

namespace {

std::string read_file(const fs::path& path)
{
    std::ifstream file(path);
    REQUIRE_MESSAGE(file, "cannot read ", path.string());
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The string literals of a piece of code, adjacent ones joined as the compiler does.
std::vector<std::string> literals_of(std::string_view code)
{
    std::vector<std::string> found;
    bool is_adjacent = false;
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (code[i] != '"') {
            if (!std::isspace(static_cast<unsigned char>(code[i]))) is_adjacent = false;
            continue;
        }
        std::string text;
        for (++i; i < code.size() && code[i] != '"'; ++i) {
            if (code[i] == '\\') ++i;
            text += code[i];
        }
        if (is_adjacent) {
            found.back() += text;
        } else {
            found.push_back(text);
        }
        is_adjacent = true;
    }
    return found;
}

std::string trimmed(std::string text)
{
    const auto is_edge = [](char c) { return c == ' ' || c == ';' || c == ','; };
    while (!text.empty() && is_edge(text.back())) text.pop_back();
    while (!text.empty() && is_edge(text.front())) text.erase(0, 1);
    return text;
}

/// The longest constant part of each line that is logged as a warning or an error, where the text
/// stands in the call.
std::vector<std::string> logged_in(const std::string& code)
{
    std::vector<std::string> texts;
    for (const char* level : {"log_level::warning", "log_level::error"}) {
        for (auto at = code.find(level); at != std::string::npos; at = code.find(level, at + 1)) {
            const auto next = code.find_first_not_of(' ', at + std::string_view(level).size());
            const bool is_argument = next != std::string::npos && code[next] == ',';
            if (!is_argument) continue;
            std::string longest;
            for (const auto& each :
                 literals_of(std::string_view(code).substr(at, code.find(";\n", at) - at))) {
                const auto text = trimmed(each);
                if (text.size() > longest.size()) longest = text;
            }
            if (!longest.empty()) texts.push_back(longest);
        }
    }
    return texts;
}

}  // namespace

TEST_CASE("docs/operations: every warning and error of the log is in the table")
{
    const auto page = read_file(test::project_directory() / "docs/operations.md");
    int count = 0;
    for (const char* folder :
         {"app", "application", "auth", "crud", "http", "modules", "partners", "server"}) {
        for (const auto& entry :
             fs::recursive_directory_iterator(test::project_directory() / folder)) {
            if (entry.path().extension() != ".cpp") continue;
            for (const auto& text : logged_in(read_file(entry.path()))) {
                CHECK_MESSAGE(page.find(text) != std::string::npos, entry.path().string(),
                              " logs \"", text, "\": docs/operations.md does not say what to do");
                ++count;
            }
        }
    }
    CHECK(count > 15);
}

TEST_CASE("docs/operations: what a log line is made of elsewhere is in the table, too")
{
    const auto page = read_file(test::project_directory() / "docs/operations.md");
    for (const char* text :
         {"was removed while the server had it open", "of acknowledged writes are lost",
          "is missing, though its -wal file is there: a new database is begun",
          "is missing, though the database was not closed: acknowledged writes may be lost",
          "no [[party]] is configured: this server has no sessions of its own to send",
          "no public_url is configured: links and version details will name",
          "an event stream ends, its reader may reconnect", "cannot render an event of the session",
          "is not stored:", "cannot accept connections, retrying:"}) {
        CHECK_MESSAGE(page.find(text) != std::string::npos, text);
    }
}

}  // namespace docs_operations_test
