#pragma once

#include "ocpi/json/document.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ocpi::sessions {

/// A Session that is being changed: the members of the stored one, some replaced, removed or
/// added. Members are found by an index, because a hostile PATCH may bring a hundred thousand of
/// them. The documents whose values it is given must outlive it.
class session_draft {
public:
    explicit session_draft(json::value stored);

    /// The stored member of that name.
    std::optional<json::value> before(std::string_view name) const;

    /// Takes the member over as it was sent; a new one stands at the end.
    void set(json::value member);
    /// `name` must outlive the draft.
    void set(std::string_view name, std::string json);

    /// True when there was such a member.
    bool erase(std::string_view name);

    /// The changed Session as JSON.
    std::string write() const;

private:
    struct slot {
        std::string name_text;
        std::optional<json::value> before;
        std::string_view text;  ///< of the stored Session or of the PATCH
        std::string own;        ///< of our making; counts when not empty
        bool is_erased = false;

        explicit slot(std::string_view name) : name_text(name) {}
    };

    /// The member of that name, new at the end if there is none.
    slot& place(std::string_view name, std::string_view name_text);

    std::vector<slot> members_;
    std::unordered_map<std::string_view, std::size_t> places_;
};

}  // namespace ocpi::sessions
