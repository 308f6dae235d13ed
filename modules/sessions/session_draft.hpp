#pragma once

#include "ocpi/json/document.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ocpi::sessions {

/// A Session being changed: members of the stored one, some replaced, removed or added. Members are
/// indexed, because a hostile PATCH may contain a hundred thousand of them. The source documents
/// must outlive the draft.
class session_draft {
public:
    explicit session_draft(json::value stored);

    /// The stored member of that name.
    std::optional<json::value> before(std::string_view name) const;

    /// Sets the member as received; a new one is appended.
    void set(json::value member);
    /// `name` must outlive the draft.
    void set(std::string_view name, std::string json);

    /// True if the member existed.
    bool erase(std::string_view name);

    /// The changed Session as JSON.
    std::string write() const;

private:
    struct slot {
        std::string name_text;
        std::optional<json::value> before;
        std::string_view text;  ///< view of the stored Session or of the PATCH
        std::string own;        ///< made here; replaces `text` when not empty
        bool is_erased = false;

        explicit slot(std::string_view name) : name_text(name) {}
    };

    /// The member of that name, appended if new.
    slot& place(std::string_view name, std::string_view name_text);

    std::vector<slot> members_;
    std::unordered_map<std::string_view, std::size_t> places_;
};

}  // namespace ocpi::sessions
