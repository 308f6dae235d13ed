#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::app::simulate {

/// A Session as the CPO has it, member by member, and what has changed since it was last sent.
class session_document {
public:
    /// Sets a member to a JSON text.
    void set(std::string_view name, std::string json);
    void set_string(std::string_view name, std::string_view text);

    /// Both append in the order of calls, which is that of time.
    void add_charging_period(std::string json) { periods_.push_back(std::move(json)); }
    void add_meter_value(std::string json) { meter_values_.push_back(std::move(json)); }

    /// The whole Session, the body of a PUT.
    std::string text() const;

    /// The members that have been set, and the list elements that have been added, since the last
    /// take_…: the body of a PATCH.
    std::string take_patch();
    /// The whole Session; a later take_patch() has only what changes from now on.
    std::string take_whole();

private:
    struct member {
        std::string name;
        std::string json;
        bool is_changed = true;
    };

    void forget_changes();

    std::vector<member> members_;
    std::vector<std::string> periods_;
    std::vector<std::string> meter_values_;
    std::size_t sent_periods_ = 0;
    std::size_t sent_meter_values_ = 0;
};

}  // namespace ocpi::app::simulate
