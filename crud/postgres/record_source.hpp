#pragma once

#include "crud/postgres/blocking_connection.hpp"
#include "crud/record_copy.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ocpi::crud::postgres {

/// Reads a database that no server works on. The index of the order of creation has one order for
/// each module, so modules are read side by side and merged.
class postgres_record_source final : public record_source {
public:
    /// The connection must outlive it.
    explicit postgres_record_source(blocking_connection& on) : on_(on) {}

    store_numbers latest() override;
    std::uint64_t count() override;
    std::vector<stored_record> read() override;

private:
    struct module_course {
        std::string name;
        /// What has been read of it, the next record last.
        std::vector<stored_record> waiting;
        std::uint64_t reached = 0;
        bool is_at_end = false;
    };

    void begin();
    void fill(module_course& course);
    module_course* find_next();

    blocking_connection& on_;
    bool has_begun_ = false;
    std::uint64_t count_ = 0;
    std::vector<module_course> modules_;
};

}  // namespace ocpi::crud::postgres
