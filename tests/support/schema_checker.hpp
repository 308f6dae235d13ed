#pragma once

#include "ocpi/json/document.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::test {

/// Checks JSON values against schemas of one document, such as those of an OpenAPI document.
///
/// It knows of JSON Schema 2020-12: $ref within the document, type, properties, required,
/// additionalProperties, items, enum, const, oneOf, anyOf, allOf, minimum, maximum, minItems,
/// maxItems, minLength, pattern, format date-time; and OpenAPI's discriminator. What says nothing
/// about a value is passed over: title, description, default, examples. Any other keyword is a
/// problem, so that no rule is taken for kept that nobody has looked at.
class schema_checker {
public:
    /// `schemas` must outlive the checker.
    explicit schema_checker(const json::document& schemas) : root_(schemas.root()) {}

    /// What is wrong with the value by the schema at that place, such as
    /// `#/components/schemas/Policy`; empty when nothing is.
    std::vector<std::string> check(json::value value, const std::string& schema);

    /// The same for a text, which may be no JSON at all.
    std::vector<std::string> check(std::string_view text, const std::string& schema);

    /// The alternatives that are open at and below that schema, as places: each branch of oneOf
    /// and anyOf, each type of a list of types, each value of an enum. Schemas that it refers to
    /// count at their own places.
    std::set<std::string> alternatives(const std::string& schema) const;

    /// Those that values which were found good have met so far.
    const std::set<std::string>& met() const noexcept { return met_; }

    /// The value at that place of the document; throws std::out_of_range when there is none.
    json::value at(const std::string& place) const;

private:
    json::value root_;
    std::set<std::string> met_;
};

}  // namespace ocpi::test
