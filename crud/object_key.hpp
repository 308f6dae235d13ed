#pragma once

#include "ocpi/base/ci_string.hpp"
#include "ocpi/protocol/party.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <utility>

namespace ocpi::crud {

/// What identifies an object within its module: for OCPI objects (a Session, a Tariff) the party
/// that owns it and the id within its platform. Compared without regard to ASCII case. Objects of
/// a module without parties have an id only.
struct object_key {
    ci_string country_code;
    ci_string party_id;
    ci_string id;

    object_key() = default;
    explicit object_key(std::string identifier) : id(std::move(identifier)) {}
    object_key(std::string country, std::string of_party, std::string identifier)
        : country_code(std::move(country)), party_id(std::move(of_party)), id(std::move(identifier))
    {
    }

    /// The party that owns the object: of a Session or a Tariff, the CPO.
    party owner() const { return party(country_code.str(), party_id.str()); }

    /// The key as one text, the same for every spelling.
    std::string folded() const
    {
        return country_code.folded() + '/' + party_id.folded() + '/' + id.folded();
    }

    friend bool operator==(const object_key&, const object_key&) noexcept = default;
};

}  // namespace ocpi::crud

template <>
struct std::hash<ocpi::crud::object_key> {
    std::size_t operator()(const ocpi::crud::object_key& key) const
    {
        return std::hash<std::string>()(key.folded());
    }
};
