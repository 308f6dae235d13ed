#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::test {

/// A member of an object: its name and the JSON text of its value.
using member = std::pair<std::string, std::string>;

inline std::string write_object(const std::vector<member>& members)
{
    std::string text = "{";
    for (const auto& [name, json] : members) {
        if (text.size() > 1) text += ',';
        text += '"' + name + "\":" + json;
    }
    return text + '}';
}

/// The object with some members replaced or added; one whose text is empty is left out.
inline std::string write_object(std::vector<member> members, std::initializer_list<member> changes)
{
    for (const auto& change : changes) {
        const auto place = std::find_if(members.begin(), members.end(), [&](const member& entry) {
            return entry.first == change.first;
        });
        if (place == members.end())
            members.push_back(change);
        else
            place->second = change.second;
    }
    std::erase_if(members, [](const member& entry) { return entry.second.empty(); });
    return write_object(members);
}

/// A Session that is sound by the specification, with some members replaced or added; one whose
/// text is empty is left out.
inline std::string session_text(std::initializer_list<member> changes = {})
{
    std::vector<member> members{
        {"country_code", R"("ES")"},
        {"party_id", R"("ABC")"},
        {"id", R"("S1")"},
        {"start_date_time", R"("2024-01-01T10:00:00Z")"},
        {"kwh", "10.50"},
        {"cdr_token", R"({"country_code":"DE","party_id":"EMP","uid":"U1","type":"RFID",)"
                      R"("contract_id":"DE-EMP-C1"})"},
        {"auth_method", R"("WHITELIST")"},
        {"location_id", R"("L1")"},
        {"evse_uid", R"("E1")"},
        {"connector_id", R"("1")"},
        {"currency", R"("EUR")"},
        {"status", R"("ACTIVE")"},
        {"last_updated", R"("2024-01-01T10:30:00Z")"},
    };
    return write_object(members, changes);
}

}  // namespace ocpi::test
