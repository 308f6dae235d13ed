#pragma once

#include "crud/record_copy.hpp"
#include "crud/sqlite/database.hpp"
#include "crud/sqlite/transaction.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::crud::sqlite {

/// Reads a database that this process has for itself.
class sqlite_record_source final : public record_source {
public:
    /// The connection must outlive it.
    explicit sqlite_record_source(database& connection) : connection_(connection) {}

    store_numbers latest() override;
    std::uint64_t count() override;
    std::vector<stored_record> read() override;

private:
    database& connection_;
    std::uint64_t reached_ = 0;
};

}  // namespace ocpi::crud::sqlite
