#pragma once

#include "tests/support/ocpi_client.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace ocpi::test {

/// One platform as a process: its files, its server, and a client of its operator's.
class platform_process {
public:
    platform_process(const temporary_directory& directory, const std::string& name,
                     const std::string& party, const std::string& role,
                     const std::string& settings = {})
        : config_(directory.file(name + ".toml")), database_(directory.file(name + ".db"))
    {
        std::ofstream(config_) << "[[party]]\ncountry_code = \"ES\"\nparty_id = \"" << party
                               << "\"\nroles = [\"" << role << "\"]\nname = \"" << name
                               << "\"\n[[token]]\nname = \"operator\"\nkind = \"operator\"\n"
                                  "token = \"operator\"\n[[evse]]\ncountry_code = \"ES\"\n"
                                  "party_id = \""
                               << party
                               << "\"\nlocation_id = \"*\"\nevse_uid = \"*\"\n"
                                  "capabilities = [\"CHARGING_PREFERENCES_CAPABLE\"]\n"
                                  "profile_types = [\"FAST\", \"CHEAP\"]\nmax_power_kw = 11\n"
                               << settings;
        start();
    }

    void start()
    {
        const std::vector<std::string> arguments{"--config", config_, "--database", url()};
        server_ = std::make_unique<server_process>(arguments, listen_);
        const auto port = std::to_string(server_->endpoint().port());
        listen_ = "127.0.0.1:" + port;
        client_.emplace(server_->endpoint(), "operator");
    }
    void kill()
    {
        server_->kill();
        server_.reset();
    }
    void lose_database()
    {
        kill();
        for (const char* suffix : {"", "-wal", "-shm"}) {
            std::filesystem::remove(database_ + suffix);
        }
    }

    server_process& server() { return *server_; }
    std::string versions_url() const { return server_->url() + "/ocpi/versions"; }
    std::string url() const { return "sqlite:" + database_; }

    /// A command upon this platform's database and configuration.
    command_outcome command(std::vector<std::string> words) const
    {
        for (const auto& word : {std::string("--config"), config_, std::string("--database"), url(),
                                 std::string("--public-url"), "http://" + listen_}) {
            words.push_back(word);
        }
        return run_command(words);
    }

    /// std::nullopt when the server is gone.
    std::optional<wire_response> ask(const std::string& method, const std::string& target,
                                     const std::string& body = {})
    {
        return client_->request(method, target, body);
    }

private:
    std::string config_;
    std::string database_;
    std::string listen_ = "127.0.0.1:0";
    std::unique_ptr<server_process> server_;
    std::optional<ocpi_client> client_;
};

/// Looks until it is so; false when it is not so for a long time.
inline bool comes_true(const std::function<bool()>& claim)
{
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (std::chrono::steady_clock::now() < end) {
        if (claim()) return true;
        std::this_thread::yield();
    }
    return false;
}

/// Registers the eMSP with the CPO by what an operator would type.
inline void register_with(platform_process& cpo, const std::string& name, platform_process& emsp)
{
    const auto token =
        run_command({"token", "add", "--database", cpo.url(), "--kind", "partner", "--name", name,
                     "--role", "EMSP:ES*EMP", "--registration", "--trusted"});
    REQUIRE_MESSAGE(token.exit_status == 0, token.errors);
    const auto token_a = token.output.substr(0, token.output.find('\n'));
    const auto outcome = emsp.command({"partner", "register", "--name", "cpo", "--versions-url",
                                       cpo.versions_url(), "--token-a", token_a, "--trusted"});
    REQUIRE_MESSAGE(outcome.exit_status == 0, outcome.errors);
    CHECK(outcome.output.find("CPO:ES*CPO") != std::string::npos);
    CHECK(outcome.errors.find(token_a) == std::string::npos);
}

}  // namespace ocpi::test
