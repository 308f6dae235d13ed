#pragma once

#include "crud/crud.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Reads where records stand in the order of a search, and what they are judged by, without their
/// JSON.
namespace ocpi::crud::sqlite {

class database;

/// A record in the order of a search.
struct found_place {
    search_place place;
    std::int64_t sequence = 0;
};

using found_places = std::vector<found_place>;

/// Reads all of a record but its JSON that a search judges by. False if there is no such record of
/// the module, or it lacks the text.
bool read_head(database& connection, std::int64_t module, std::int64_t sequence,
               const std::string& text, document& head);

/// The places of records of some categories and ranges of last_updated, in the order of a search.
/// Reads some at a time, so that other statements can be used between them.
class search_walk {
public:
    search_walk(database& connection, std::int64_t module,
                const std::vector<category_range>& ranges, bool is_upwards);

    /// The next places; fewer than `limit` at the end.
    found_places next(std::size_t limit);

    /// Continues behind that place.
    void go_on_from(const search_place& place);

private:
    /// The bounds of one category, both exclusive. No record has an empty secondary key.
    struct place_range {
        std::string category;
        search_place above;
        search_place below;
    };

    std::string sql() const;

    database& connection_;
    std::int64_t module_;
    std::vector<place_range> ranges_;
    bool is_upwards_;
};

}  // namespace ocpi::crud::sqlite
