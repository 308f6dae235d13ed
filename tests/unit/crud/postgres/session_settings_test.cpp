#include "crud/postgres/session_settings.hpp"

#include <doctest/doctest.h>

#include <string>

namespace session_settings_test {

using namespace ocpi::crud::postgres;

namespace {

server_facts sound()
{
    server_facts facts;
    facts.version = 150004;
    facts.encoding = "UTF8";
    facts.fsync = "on";
    facts.synchronous_commit = "remote_apply";
    return facts;
}

std::string refusal(const server_facts& facts, bool allow_lost_writes = false)
{
    const auto found = find_unsuitable("h", facts, allow_lost_writes);
    return found ? found->what() : "";
}

}  // namespace

TEST_CASE("crud/postgres/session_settings: a sound server is used, also one without some settings")
{
    CHECK(refusal(sound()).empty());
    auto facts = sound();
    facts.version = 130000;
    facts.fsync.clear();
    facts.synchronous_commit.clear();
    CHECK(refusal(facts).empty());
    facts.synchronous_commit = "local";
    CHECK(refusal(facts).empty());
}

TEST_CASE("crud/postgres/session_settings: an unsuitable server is refused by its reason")
{
    auto facts = sound();
    facts.version = 120022;
    CHECK(refusal(facts) ==
          "h: the server is PostgreSQL 12.22, and 13 or a later version is needed");
    facts.version = 90624;
    CHECK(refusal(facts).find("PostgreSQL 9.6,") != std::string::npos);
    facts = sound();
    facts.encoding = "SQL_ASCII";
    CHECK(refusal(facts, true).find("SQL_ASCII and must be UTF8") != std::string::npos);
    facts = sound();
    facts.is_read_only = true;
    CHECK(refusal(facts, true).find("default_transaction_read_only") != std::string::npos);
    facts.is_standby = true;
    CHECK(refusal(facts, true).find("read-only standby") != std::string::npos);
    facts = sound();
    facts.fsync = "off";
    CHECK(refusal(facts).find("fsync is off") != std::string::npos);
    CHECK(refusal(facts, true).empty());
    facts = sound();
    facts.synchronous_commit = "off";
    CHECK(refusal(facts).find("synchronous_commit is off") != std::string::npos);
    CHECK(refusal(facts, true).empty());
}

}  // namespace session_settings_test
