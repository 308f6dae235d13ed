#pragma once

#include "ocpi/json/document.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ocpi::app::simulate {

/// One place in which the server's object is not the one that was sent.
struct difference {
    /// The session's id.
    std::string session;
    /// JSON pointer; empty: the whole object.
    std::string pointer;
    /// JSON texts, or words where there is no value.
    std::string expected;
    std::string got;
};

/// `SIM-7-t5z0g0-12 /kwh: expected 12.5, got 12.4`
std::string to_string(const difference& of);

/// Every place where the values are not the same. Numbers are compared by amount, DateTimes by the
/// instant. `charging_preferences` that only the server has are its own business.
std::vector<difference> compare_sessions(std::string_view id, json::value sent, json::value held);

}  // namespace ocpi::app::simulate
