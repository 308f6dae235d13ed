#pragma once

#include "crud/record_copy.hpp"
#include "crud/store_contents.hpp"
#include "ocpi/base/sha256.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace ocpi::crud {

/// Counts and hashes records that are read in the order of creation.
class contents_counter {
public:
    void add(const stored_record& read);

    std::uint64_t records() const noexcept { return contents_.records; }

    struct outcome {
        store_contents contents;
        /// The hash of each module's records alone.
        std::map<std::string, std::string> module_hashes;
    };
    /// Call it once, at the end.
    outcome finish(revision last_revision);

private:
    struct module_state {
        std::uint64_t records = 0;
        sha256 hash;
    };

    store_contents contents_;
    sha256 hash_;
    std::map<std::string, module_state> modules_;
    std::string line_;
};

}  // namespace ocpi::crud
