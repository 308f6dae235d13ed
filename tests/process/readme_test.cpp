// README.md is a promise: its commands are run and its answers compared, and its program is one
// that is compiled.

#include "tests/support/project_directory.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace readme_test {

using namespace ocpi;

namespace {

const std::string project = ocpi::test::project_directory().string();

std::string read_file(const std::string& path)
{
    std::ifstream file(path);
    REQUIRE_MESSAGE(file, "cannot read ", path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The fenced blocks of that language.
std::vector<std::string> blocks(const std::string& markdown, const std::string& language)
{
    std::vector<std::string> found;
    const std::string begin = "```" + language + "\n";
    for (auto at = markdown.find(begin); at != std::string::npos; at = markdown.find(begin, at)) {
        at += begin.size();
        const auto end = markdown.find("```", at);
        found.push_back(markdown.substr(at, end - at));
        at = end;
    }
    return found;
}

struct command {
    std::string text;
    std::string output;
};

/// A command begins with `$ ` and ends where its quotes and backslashes do; what follows is its
/// output.
std::vector<command> commands(const std::string& block)
{
    std::vector<command> read;
    std::istringstream lines(block);
    bool in_command = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("$ ")) {
            read.emplace_back();
            in_command = true;
            line.erase(0, 2);
        }
        if (!in_command) {
            read.back().output += line + '\n';
            continue;
        }
        auto& text = read.back().text;
        text += line + '\n';
        const auto quotes = std::count(text.begin(), text.end(), '\'');
        in_command = quotes % 2 != 0 || line.ends_with('\\');
    }
    return read;
}

std::string replace_all(std::string text, const std::string& from, const std::string& to)
{
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

std::string run_in_shell(const std::string& text)
{
    std::FILE* pipe = ::popen(("cd '" + project + "' && " + text).c_str(), "r");
    REQUIRE(pipe);
    std::string output;
    char buffer[4096];
    for (std::size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
        output.append(buffer, n);
    }
    ::pclose(pipe);
    return output.empty() || output.back() == '\n' ? output : output + '\n';
}

}  // namespace

TEST_CASE("README: every command of the tutorial gives the answer that is printed below it")
{
    const test::temporary_directory directory;
    test::server_process server({"--dev", "--database", "sqlite:" + directory.file("sessions.db")});
    std::size_t count = 0;
    for (const auto& block : blocks(read_file(project + "/README.md"), "console")) {
        for (const auto& printed : commands(block)) {
            CAPTURE(printed.text);
            const std::string printed_url = "http://127.0.0.1:8000";
            const auto output = run_in_shell(replace_all(printed.text, printed_url, server.url()));
            CHECK(replace_all(output, server.url(), printed_url) == printed.output);
            ++count;
        }
    }
    CHECK(count >= 16);
}

TEST_CASE("README: the program that embeds the library is one that compiles")
{
    const auto programs = blocks(read_file(project + "/README.md"), "cpp");
    REQUIRE(programs.size() == 1);
    CHECK(programs.front() == read_file(project + "/tests/readme/embedding.cpp"));
}

}  // namespace readme_test
