// Rules for contrib/docker, where no engine runs to try it: those that linters of Dockerfiles have,
// and our own.

#include "tests/support/project_directory.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace docker_test {

namespace {

struct instruction {
    std::string name;
    std::string arguments;

    bool has(std::string_view text) const { return arguments.find(text) != arguments.npos; }
};

std::string read_file(const std::string& path)
{
    std::ifstream file(std::string(ocpi::test::project_directory()) + '/' + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Lines that end with a backslash go on; comments are left out.
std::vector<instruction> parse(const std::string& text)
{
    std::vector<instruction> parsed;
    std::istringstream lines(text);
    bool goes_on = false;
    for (std::string line; std::getline(lines, line);) {
        const auto begin = line.find_first_not_of(' ');
        if (begin == line.npos || line[begin] == '#') continue;
        line.erase(0, begin);
        const bool ends_open = line.back() == '\\';
        if (ends_open) line.pop_back();
        if (goes_on) {
            parsed.back().arguments += line;
        } else {
            const auto space = line.find(' ');
            parsed.push_back(
                {line.substr(0, space), space == line.npos ? "" : line.substr(space + 1)});
        }
        goes_on = ends_open;
    }
    return parsed;
}

bool is_number(std::string_view text)
{
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); });
}

void check_from(const instruction& from, std::set<std::string>& stages,
                std::set<std::string>& broken)
{
    const auto image = from.arguments.substr(0, from.arguments.find(' '));
    const auto colon = image.find(':');
    const bool is_pinned = colon != image.npos && !image.ends_with(":latest");
    if (!is_pinned && !stages.contains(image)) broken.insert("the base has a version");
    const auto as = from.arguments.find(" AS ");
    if (as != from.arguments.npos) stages.insert(from.arguments.substr(as + 4));
}

void check_run(const instruction& run, std::set<std::string>& broken)
{
    if (run.has("sudo ")) broken.insert("no sudo");
    if (run.has("apt install") || run.has("apt update")) broken.insert("apt-get, not apt");
    if (run.has("apt-get upgrade")) broken.insert("no upgrade of the base");
    const bool installs = run.has("apt-get install");
    if (installs && !run.has("--no-install-recommends")) broken.insert("no recommended packages");
    if (installs && !run.has("install -y")) broken.insert("apt-get asks no question");
    const bool has_lists = installs || run.has("apt-get update") || run.has("scripts/package");
    if (has_lists && !run.has("rm -rf /var/lib/apt/lists/*")) broken.insert("no lists of apt");
}

/// The rules that a Dockerfile breaks.
std::set<std::string> broken_rules(const std::string& text)
{
    std::set<std::string> broken;
    std::set<std::string> stages;
    std::set<std::string> of_stage;  // instructions of the stage, the last one in the end
    std::string user;
    for (const auto& each : parse(text)) {
        if (each.name == "FROM") {
            check_from(each, stages, broken);
            of_stage.clear();
            user.clear();
        }
        if (each.name == "ADD") broken.insert("COPY, not ADD");
        if (each.name == "RUN") check_run(each, broken);
        if (each.name == "COPY" && !each.has("--chown=")) broken.insert("COPY names an owner");
        if (each.name == "COPY" && each.arguments.find(" /") == each.arguments.npos &&
            !of_stage.contains("WORKDIR")) {
            broken.insert("a relative path has a WORKDIR");
        }
        if (each.name == "WORKDIR" && !each.arguments.starts_with('/')) {
            broken.insert("WORKDIR is absolute");
        }
        if (each.name == "USER") user = each.arguments;
        if ((each.name == "CMD" || each.name == "ENTRYPOINT") && !each.arguments.starts_with('[')) {
            broken.insert("no shell around the program");
        }
        of_stage.insert(each.name);
    }
    const auto user_id = user.substr(0, user.find(':'));
    if (!is_number(user_id) || user_id == "0") broken.insert("a user with a number, not root");
    if (!of_stage.contains("HEALTHCHECK")) broken.insert("a health check");
    if (!of_stage.contains("ENTRYPOINT")) broken.insert("a program to run");
    return broken;
}

using rules = std::set<std::string>;

const std::string good = R"(FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends curl \
    && rm -rf /var/lib/apt/lists/*
COPY --chown=root:root a /a
USER 10001:10001
HEALTHCHECK CMD ["/a"]
ENTRYPOINT ["/a"]
)";

std::string with(const std::string& from, const std::string& to)
{
    auto changed = good;
    const auto place = changed.find(from);
    REQUIRE(place != changed.npos);
    return changed.replace(place, from.size(), to);
}

}  // namespace

TEST_CASE("contrib/docker: the Dockerfile keeps the rules")
{
    const auto text = read_file("contrib/docker/Dockerfile");
    REQUIRE(parse(text).size() > 10);
    CHECK(broken_rules(text) == rules());
    CHECK(text.find("FROM debian:12-slim\n") != text.npos);
}

TEST_CASE("contrib/docker: each rule finds the Dockerfile that breaks it")
{
    CHECK(broken_rules(good) == rules());
    CHECK(broken_rules(with("debian:12-slim", "debian")) == rules{"the base has a version"});
    CHECK(broken_rules(with(":12-slim", ":latest")) == rules{"the base has a version"});
    CHECK(broken_rules(with(" --no-install-recommends", "")) == rules{"no recommended packages"});
    CHECK(broken_rules(with("install -y", "install")) == rules{"apt-get asks no question"});
    CHECK(broken_rules(with("rm -rf /var/lib/apt/lists/*", "true")) == rules{"no lists of apt"});
    CHECK(broken_rules(with("apt-get update", "apt update")) == rules{"apt-get, not apt"});
    CHECK(broken_rules(with("RUN ", "RUN sudo ")) == rules{"no sudo"});
    CHECK(broken_rules(with("COPY --chown=root:root", "ADD")) == rules{"COPY, not ADD"});
    CHECK(broken_rules(with(" --chown=root:root", "")) == rules{"COPY names an owner"});
    CHECK(broken_rules(with("a /a\n", "a .\n")) == rules{"a relative path has a WORKDIR"});
    const rules not_root{"a user with a number, not root"};
    CHECK(broken_rules(with("USER 10001:10001\n", "")) == not_root);
    CHECK(broken_rules(with("10001:10001", "root")) == not_root);
    CHECK(broken_rules(with("10001:10001", "0:0")) == not_root);
    CHECK(broken_rules(with("HEALTHCHECK CMD [\"/a\"]\n", "")) == rules{"a health check"});
    CHECK(broken_rules(with("ENTRYPOINT [\"/a\"]", "ENTRYPOINT /a")) ==
          rules{"no shell around the program"});
    CHECK(broken_rules(good + "FROM debian:12-slim\nUSER 1\nENTRYPOINT [\"/a\"]\n") ==
          rules{"a health check"});
}

TEST_CASE("contrib/docker: the compose file gives the container no more than it needs")
{
    const auto text = read_file("contrib/docker/compose.yaml");
    for (const auto* line :
         {"\n    read_only: true\n", "\n    cap_drop: [ALL]\n", "\n    user: \"10001:10001\"\n",
          "\n    security_opt: [\"no-new-privileges:true\"]\n",
          "\n      - data:/var/lib/ocpi-sessions\n", ":/etc/ocpi-sessions/server.toml:ro\n",
          "\n      - \"127.0.0.1:8000:8000\"\n"}) {
        CHECK_MESSAGE(text.find(line) != text.npos, line, " is missing");
    }
    for (const auto* word : {"privileged:", "network_mode: host", ":latest", "docker.sock"}) {
        CHECK_MESSAGE(text.find(word) == text.npos, word, " is there");
    }
}

}  // namespace docker_test
