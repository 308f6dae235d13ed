#include "crud/postgres/session_settings.hpp"

namespace ocpi::crud::postgres {

namespace {

constexpr int oldest_version = 130000;

std::string version_text(int version)
{
    if (version < 100000) {
        return std::to_string(version / 10000) + '.' + std::to_string(version / 100 % 100);
    }
    return std::to_string(version / 10000) + '.' + std::to_string(version % 10000);
}

postgres_error unsuitable(const std::string& where, const std::string& why)
{
    return {where + ": " + why, "08004"};
}

}  // namespace

std::optional<postgres_error> find_unsuitable(const std::string& where, const server_facts& facts,
                                              bool allow_lost_writes)
{
    if (facts.version < oldest_version) {
        return unsuitable(where, "the server is PostgreSQL " + version_text(facts.version) +
                                     ", and 13 or a later version is needed");
    }
    if (facts.encoding != "UTF8") {
        return unsuitable(where, "the encoding of the database is " + facts.encoding +
                                     " and must be UTF8: CREATE DATABASE … ENCODING 'UTF8' "
                                     "TEMPLATE template0");
    }
    if (facts.is_standby) {
        return postgres_error(where +
                                  ": the server is a read-only standby; name the primary, or "
                                  "all servers and target_session_attrs=read-write",
                              "25006");
    }
    if (facts.is_read_only) {
        return postgres_error(where +
                                  ": the database is read-only for this user "
                                  "(default_transaction_read_only is on)",
                              "25006");
    }
    if (allow_lost_writes) return std::nullopt;
    for (const auto& [name, value] : {std::pair{"fsync", &facts.fsync},
                                      std::pair{"synchronous_commit", &facts.synchronous_commit}}) {
        if (*value != "off") continue;
        return unsuitable(where, std::string(name) +
                                     " is off, so the server may lose writes that it has "
                                     "confirmed; turn it on, or set allow_lost_writes = true "
                                     "(--allow-lost-writes)");
    }
    return std::nullopt;
}

std::vector<std::pair<std::string, std::string>> settings_of_session(
    std::chrono::milliseconds answer_timeout)
{
    return {
        {"idle_in_transaction_session_timeout", "5s"},
        {"lock_timeout", "10s"},
        {"statement_timeout", std::to_string(answer_timeout.count() * 3 / 4) + "ms"},
        // Since version 14: a statement ends soon after its client has.
        {"client_connection_check_interval", "2s"},
    };
}

std::vector<std::pair<std::string, std::string>> settings_of_socket()
{
    return {
        {"fallback_application_name", "ocpi-sessions"},
        {"keepalives", "1"},
        {"keepalives_idle", "5"},
        {"keepalives_interval", "2"},
        {"keepalives_count", "3"},
        {"tcp_user_timeout", "10000"},
    };
}

}  // namespace ocpi::crud::postgres
