#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace ocpi::crud {

/// What a store holds.
struct store_contents {
    struct module_count {
        std::string module;
        std::uint64_t records = 0;

        friend bool operator==(const module_count&, const module_count&) = default;
    };
    /// By name.
    std::vector<module_count> modules;
    std::uint64_t records = 0;
    /// Of the last change.
    std::uint64_t last_revision = 0;
    /// SHA-256 over all records in the order of their creation and the last revision, in
    /// hexadecimal digits; docs/operations.md defines it. Equal contents have equal hashes,
    /// whatever the store.
    std::string hash;

    friend bool operator==(const store_contents&, const store_contents&) = default;
};

}  // namespace ocpi::crud
