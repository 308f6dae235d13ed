#pragma once

#include "crud/postgres/postgres_error.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// What is asked of a server before it is used, and what each session is set to.
namespace ocpi::crud::postgres {

/// What a server says of itself. Empty: it does not know the setting.
struct server_facts {
    int version = 0;  // such as 150004
    std::string encoding;
    std::string fsync;
    std::string synchronous_commit;
    bool is_read_only = false;
    bool is_standby = false;
};

/// Why a server cannot be used; std::nullopt if it can. full_page_writes may be off: file systems
/// that copy on write do not need it.
std::optional<postgres_error> find_unsuitable(const std::string& where, const server_facts& facts,
                                              bool allow_lost_writes);

/// Settings for set_config(). They bound how long this process, when it is stopped within a
/// transaction or cut off from the server, holds up others by its locks. A statement is given up by
/// the server before this side gives up waiting for it.
std::vector<std::pair<std::string, std::string>> settings_of_session(
    std::chrono::milliseconds answer_timeout);

/// libpq's keywords which a URL may override: by these a dead network is noticed.
std::vector<std::pair<std::string, std::string>> settings_of_socket();

}  // namespace ocpi::crud::postgres
