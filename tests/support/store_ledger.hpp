#pragma once

#include "crud/crud.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace ocpi::test {

/// Writes records of one module to a store that may fail, and remembers what each record may be:
/// what was acknowledged last, and what was tried since and failed with errc::storage.
class store_ledger {
public:
    /// Creates the record, or updates it to this text. False when the store has failed.
    bool put(Crud& store, const std::string& id, const std::string& text);
    /// False when the store has failed.
    bool remove(Crud& store, const std::string& id);

    /// The first difference between what a store holds and what it may hold: records, their
    /// revisions, the total of the list and the sums by category; empty when there is none.
    std::string find_difference(Crud& store) const;

    int acknowledged() const noexcept { return acknowledged_; }

private:
    using state = std::optional<std::string>;

    bool note(const result<crud::revision>& outcome, const std::string& id, const state& after);
    void require(bool is_true, std::string_view what) const;

    std::map<std::string, std::set<state>> possible_;
    crud::revision last_ = 0;
    int acknowledged_ = 0;
};

}  // namespace ocpi::test
