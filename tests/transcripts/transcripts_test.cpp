#include "tests/support/intercepting_crud.hpp"
#include "tests/transcripts/transcript.hpp"

#include "application/application.hpp"
#include "auth/token_authenticator.hpp"
#include "auth/token_store.hpp"
#include "crud/memory/memory_crud.hpp"
#include "crud/postgres/postgres_crud.hpp"
#include "crud/sqlite/sqlite_crud.hpp"
#include "ocpi/json/document.hpp"
#include "tests/support/platform_network.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/project_directory.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/transcripts/connection.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>

namespace transcripts_test {

using namespace ocpi;

namespace {

/// Passes everything on to a store until it is told to fail; with sessions and tariffs, that is:
/// callers can still be authenticated.
class failing_crud final : public test::intercepting_crud {
public:
    /// With `counts_followers`, writes() counts what is remembered of managed sessions, too.
    failing_crud(std::shared_ptr<Crud> inner, bool counts_followers)
        : intercepting_crud(std::move(inner)), counts_followers_(counts_followers)
    {
    }

    /// From then on, for every caller, background tasks included.
    void fail_with(const std::string& how)
    {
        if (how == "works") {
            how_ = mode::works;
        } else if (how == "throws") {
            how_ = mode::throws;
        } else if (how == "overloaded") {
            how_ = mode::overloaded;
        } else if (how == "storage") {
            how_ = mode::storage;
        } else {
            throw std::logic_error("@store " + how + " is not known");
        }
    }

    /// Only several processes agree on who does what.
    bool is_of_several() { return leases() != nullptr; }

    /// How many writes have gone through.
    std::size_t writes() const { return writes_; }

private:
    enum class mode { works, throws, overloaded, storage };

    void after_write(std::string_view module) override
    {
        const bool is_of_followers = module == "managed_sessions" || module == "policies";
        if (counts_followers_ || !is_of_followers) ++writes_;
    }

    std::optional<error> before(std::string_view module) override
    {
        const auto how = how_.load();
        if (how == mode::works || (module != "sessions" && module != "tariffs")) return {};
        if (how == mode::throws) throw std::runtime_error("a bug in the store, not for clients");
        if (how == mode::overloaded) return error(errc::overloaded, "too much to do");
        return error(errc::storage, "the store is unwell", {}, "disk full, not for clients");
    }

    const bool counts_followers_;
    std::atomic<mode> how_ = mode::works;
    std::atomic<std::size_t> writes_ = 0;
};

auth::token_authenticator::configured_token cast_member(const char* token, auth::caller_kind kind,
                                                        const std::vector<const char*>& roles,
                                                        auth::profile profile)
{
    auth::principal identity;
    identity.kind = kind;
    identity.name = token;
    for (const char* role : roles) identity.roles.push_back(*parse_credentials_role(role));
    identity.profile = profile;
    return {std::move(identity), token};
}

std::vector<auth::token_authenticator::configured_token> cast()
{
    using enum auth::caller_kind;
    using enum auth::profile;
    std::vector<auth::token_authenticator::configured_token> members;
    members.push_back(cast_member("bec", partner, {"CPO:BE*BEC"}, strict));
    members.push_back(cast_member("bec-tolerant", partner, {"CPO:BE*BEC"}, tolerant));
    members.push_back(
        cast_member("duo", partner, {"CPO:FR*DUO", "EMSP:FR*DUO", "CPO:FR*TRE"}, strict));
    members.push_back(cast_member("tnm", partner, {"EMSP:NL*TNM"}, strict));
    members.push_back(cast_member("msp", partner, {"EMSP:DE*MSP", "EMSP:DE*MS2"}, strict));
    members.push_back(cast_member("hub", partner, {"OTHER:DE*HUB", "CPO:IT*VOL"}, strict));
    members.push_back(cast_member("operator", platform_operator, {}, strict));
    members.push_back(cast_member("operator-tolerant", platform_operator, {}, tolerant));
    members.push_back(cast_member("driver", driver, {}, strict));
    members.back().identity.contracts = {ci_string("NL8ACC12E46L89")};
    members.push_back(cast_member("newcomer", partner, {}, strict));
    members.back().identity.token_kind = auth::token_kind::registration;
    return members;
}

sessions::configured_evse make_evse(const char* location_id, const char* evse_uid)
{
    sessions::configured_evse made;
    made.owner = party("ES", "ABC");
    made.location_id = location_id;
    made.evse_uid = evse_uid;
    made.evse.capabilities = {"REMOTE_START_STOP_CAPABLE", "CHARGING_PREFERENCES_CAPABLE"};
    made.evse.max_power_kw = decimal::parse("11");
    return made;
}

/// The EVSEs of README.md.
std::vector<sessions::configured_evse> evses()
{
    using enum sessions::profile_type;
    std::vector<sessions::configured_evse> all;
    all.push_back(make_evse("LOC-AC", "*"));
    all.back().evse.profile_types = {cheap, fast, green, regular};
    all.push_back(make_evse("LOC-AC", "ASKS"));
    all.back().evse.profile_types = {cheap, fast, regular};
    all.back().evse.requires_departure_time = true;
    all.back().evse.requires_energy_need = true;
    all.push_back(make_evse("LOC-AC", "PLAIN"));
    all.back().evse.capabilities = {"CHARGING_PROFILE_CAPABLE"};
    all.push_back(make_evse("LOC-HOME", "*"));
    all.back().evse.profile_types = {cheap, fast, green, regular};
    all.back().evse.time_zone = "Europe/Madrid";
    all.back().evse.tariff_ids[regular] = "HOME";
    all.back().evse.tariff_ids[fast] = "HOME-FAST";
    return all;
}

/// How a stage is asked: as a library, or over TCP.
enum class transport { calls, connections };

/// The server of README.md on one store.
class stage {
public:
    /// A server that listens follows its sessions in the background: what it writes about them
    /// meanwhile says nothing of a refusal, which is checked by calls.
    stage(std::shared_ptr<Crud> store, transport by, std::int64_t failed_per_minute)
        : store_(std::make_shared<failing_crud>(std::move(store), by == transport::calls)),
          clock_(std::make_shared<adjustable_clock>())
    {
        set_clock("2026-06-01T12:00:00Z");
        application_options options;
        const std::vector<party_role> both{party_role::cpo, party_role::emsp};
        options.parties.emplace_back(party("ES", "ABC"), both);
        options.parties.emplace_back(party("ES", "XYZ"), std::vector{party_role::cpo});
        options.public_url = "https://ocpi.example.com/";
        options.evses = std::make_shared<sessions::configured_evse_directory>(evses());
        options.page_limits.default_limit = 3;
        options.page_limits.max_limit = 5;
        options.final_reading_timeout = std::chrono::days(7);
        options.request_limits.failed_per_minute = failed_per_minute;
        options.development_clock = clock_;
        // Of other platforms there are none: what is sent to them finds nobody.
        options.http_client = std::make_shared<test::platform_network>();
        auto authenticator = std::make_shared<auth::token_authenticator>(
            auth::token_store(std::make_shared<crud::memory_crud>()), cast());
        application_ =
            std::make_unique<Application>(std::move(options), store_, std::move(authenticator));
        if (by == transport::connections) {
            connection_ = std::make_unique<transcripts::connection>(std::move(application_));
        }
    }

    /// False when what follows the directive is not for this stage.
    bool plays_behind(const std::string& directive) const
    {
        if (directive == "connections") return connection_ != nullptr;
        if (directive == "one_process") return !store_->is_of_several();
        if (directive == "several_processes") return store_->is_of_several();
        return true;
    }

    void play(const transcripts::step& step)
    {
        if (step.directive == "clock")
            set_clock(step.argument);
        else if (step.directive == "store")
            store_->fail_with(step.argument);
        else if (step.directive.empty())
            play_exchange(step);
        else if (!is_condition(step.directive) && step.directive != "failed_per_minute")
            FAIL("unknown directive @", step.directive);
    }

private:
    static bool is_condition(const std::string& directive)
    {
        return directive == "connections" || directive == "one_process" ||
               directive == "several_processes" || directive == "every_stage";
    }

    void play_exchange(const transcripts::step& step)
    {
        const auto writes_before = store_->writes();
        const auto answered = answer(step.request);
        check(step, answered);
        if (is_refusal(answered)) {
            CHECK_MESSAGE(store_->writes() == writes_before, "a refused request was stored");
        }
    }

    static bool is_refusal(const http::response& answered)
    {
        if (answered.status >= 300) return true;
        const auto body = json::parse(answered.body);
        if (body.has_error() || !body->root().is(json::kind::object)) return false;
        const auto code = body->root().find("status_code");
        return code && code->text() != "1000";
    }

    void set_clock(const std::string& instant) { clock_->set(parse_date_time(instant)->value); }

    http::response answer(const http::request& request)
    {
        if (connection_) return connection_->answer(request);
        return test::run_awaitable(application_->answer(request));
    }

    static void check(const transcripts::step& step, const http::response& answered)
    {
        CHECK_MESSAGE(answered.status == step.status, "HTTP ", answered.status, ", expected ",
                      step.status, "; body: ", answered.body);
        for (const auto& expected : step.headers) {
            const auto* value = answered.headers.find(expected.name);
            CHECK_MESSAGE(value, "header ", expected.name, " is missing");
            if (!value) continue;
            CHECK_MESSAGE(transcripts::matches_text(expected.value, *value), expected.name, " is ",
                          *value, ", expected ", expected.value);
        }
        for (const auto& name : step.absent_headers) {
            CHECK_MESSAGE(!answered.headers.find(name), "header ", name, " is not expected");
        }
        if (!step.body) return;
        const auto found = transcripts::difference(*step.body, answered.body);
        CHECK_MESSAGE(found.empty(), found);
    }

    std::shared_ptr<failing_crud> store_;
    std::shared_ptr<adjustable_clock> clock_;
    std::unique_ptr<Application> application_;  // or
    std::unique_ptr<transcripts::connection> connection_;
};

std::vector<std::filesystem::path> transcript_files()
{
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(
             ocpi::test::project_directory() / "tests/transcripts")) {
        if (entry.path().extension() == ".http") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// 0: no limit.
std::int64_t find_failed_per_minute(const std::vector<transcripts::step>& steps)
{
    for (const auto& step : steps) {
        if (step.directive == "failed_per_minute") return std::stoll(step.argument);
    }
    return 0;
}

std::shared_ptr<Crud> open_postgres(const std::string& url)
{
    crud::postgres_options options;
    options.connection.url = url;
    options.readers = 2;
    return std::make_shared<crud::postgres_crud>(options);
}

/// The name of a database with our tables and nothing in them: to copy it is quicker than to make
/// them.
const std::string& empty_database()
{
    static const std::string name = [] {
        const auto url = test::postgres_server::shared().create_database("empty");
        open_postgres(url);
        return url.substr(url.rfind('/') + 1);
    }();
    return name;
}

void play_all(const std::function<std::shared_ptr<Crud>()>& make_store,
              transport by = transport::calls)
{
    const auto files = transcript_files();
    REQUIRE(files.size() > 0);
    for (const auto& file : files) {
        SUBCASE(file.filename().c_str())
        {
            const auto steps = transcripts::read_transcript(file.string());
            stage server(make_store(), by, find_failed_per_minute(steps));
            bool is_skipping = false;
            for (const auto& step : steps) {
                INFO(file.filename().string(), ":", step.line, ": ", step.title);
                if (!server.plays_behind(step.directive)) is_skipping = true;
                if (step.directive == "every_stage") is_skipping = false;
                if (!is_skipping) server.play(step);
            }
        }
    }
}

}  // namespace

TEST_CASE("transcripts: the memory store")
{
    play_all([] { return std::make_shared<crud::memory_crud>(); });
}

TEST_CASE("transcripts: the SQLite store")
{
    const test::temporary_directory directory;
    int count = 0;
    play_all([&] {
        crud::sqlite_options options;
        options.path = directory.file(std::to_string(++count) + ".db");
        return std::make_shared<crud::sqlite_crud>(options);
    });
}

TEST_CASE("transcripts: the PostgreSQL store")
{
    std::optional<test::postgres_database> database;
    play_all([&] {
        database.emplace(test::postgres_server::shared(), empty_database());
        return open_postgres(database->url());
    });
}

TEST_CASE("transcripts: over connections")
{
    play_all([] { return std::make_shared<crud::memory_crud>(); }, transport::connections);
}

}  // namespace transcripts_test
