// The man pages and completions that the executable writes of itself.

#include "tests/support/server_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <set>
#include <string>

namespace manual_test {

using namespace ocpi;

namespace {

struct manual_fixture {
    const test::temporary_directory directory;
    const test::command_outcome written = test::run_command({"generate", directory.file("manual")});

    std::string file(const std::string& name) const { return directory.file("manual/" + name); }
};

std::string run_shell(const std::string& command)
{
    std::string output;
    std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::array<char, 4096> part;
    while (const auto count = std::fread(part.data(), 1, part.size(), pipe)) {
        output.append(part.data(), count);
    }
    ::pclose(pipe);
    return output;
}

/// What bash offers for the last of these words.
std::set<std::string> completions(const std::string& script, const std::string& words)
{
    const auto output = run_shell("bash --norc -c '. " + script + "; COMP_WORDS=(" + words +
                                  "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _ocpi_sessions; "
                                  "printf \"%s\\n\" \"${COMPREPLY[@]}\"'");
    std::set<std::string> offered;
    for (std::size_t begin = 0; begin < output.size();) {
        const auto end = output.find('\n', begin);
        if (end > begin) offered.insert(output.substr(begin, end - begin));
        begin = end + 1;
    }
    return offered;
}

}  // namespace

TEST_CASE_FIXTURE(manual_fixture, "manual: each command has a page that troff reads")
{
    REQUIRE(written.exit_status == 0);
    int pages = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory.file("manual"))) {
        if (entry.path().extension() != ".1") continue;
        ++pages;
        CHECK(run_shell("groff -man -Tutf8 -ww -z " + entry.path().string()).empty());
    }
    CHECK(pages >= 8);
    const auto page = run_shell("groff -man -Tascii -P-cbu " + file("ocpi-sessions-token.1"));
    for (const auto* text : {"OCPI-SESSIONS-TOKEN(1)", "NAME", "SYNOPSIS", "--registration",
                             "revoke", "EXIT STATUS"}) {
        CHECK_MESSAGE(page.find(text) != std::string::npos, text, " is missing in ", page);
    }
}

TEST_CASE_FIXTURE(manual_fixture, "manual: bash completes commands, options, choices and files")
{
    const auto script = file("ocpi-sessions.bash");
    CHECK(completions(script, "ocpi-sessions to") == std::set<std::string>{"token"});
    CHECK(completions(script, "ocpi-sessions token \"\"") ==
          std::set<std::string>{"-h", "--help", "add", "list", "revoke"});
    CHECK(completions(script, "ocpi-sessions token add --k") == std::set<std::string>{"--kind"});
    CHECK(completions(script, "ocpi-sessions token list --k").empty());
    CHECK(completions(script, "ocpi-sessions partner set NAME --closing-put o") ==
          std::set<std::string>{"on", "off"});
    CHECK(completions(script, "ocpi-sessions partner remove list --f") ==
          std::set<std::string>{"--force"});
    CHECK(completions(script, "ocpi-sessions serve --config " + file("_ocpi")) ==
          std::set<std::string>{file("_ocpi-sessions")});
    CHECK(completions(script, "ocpi-sessions check " + file("_ocpi")) ==
          std::set<std::string>{file("_ocpi-sessions")});
    CHECK(!completions(script, "ocpi-sessions ge").contains("generate"));
}

TEST_CASE_FIXTURE(manual_fixture, "manual: zsh reads its completion")
{
    CHECK(run_shell("zsh -n " + file("_ocpi-sessions")).empty());
    const auto functions =
        run_shell("zsh -fc 'autoload -U compinit; compinit -D; _arguments() {}; . " +
                  file("_ocpi-sessions") + "; print -l ${(k)functions}'");
    CHECK(functions.find("_ocpi-sessions_token_add\n") != std::string::npos);
}

TEST_CASE("manual: a directory that cannot be made is named")
{
    const auto outcome = test::run_command({"generate", "/dev/null/manual"});
    CHECK(outcome.exit_status == 2);
    CHECK(outcome.errors.find("/dev/null/manual") != std::string::npos);
}

}  // namespace manual_test
