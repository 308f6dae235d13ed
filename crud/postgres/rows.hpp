#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

struct pg_result;

namespace ocpi::crud::postgres {

/// What a statement has returned, in binary form. Columns count from 0. What text() returns lives
/// as long as this object.
class rows {
public:
    /// Takes the result over.
    explicit rows(pg_result* result) noexcept;

    int size() const noexcept;
    bool is_null(int row, int column) const noexcept;
    /// Of a bigint, integer, smallint or boolean; 0 for NULL.
    std::int64_t integer(int row, int column) const;
    /// Of a text or a bytea; empty for NULL.
    std::string_view text(int row, int column) const noexcept;
    /// How many rows an INSERT, UPDATE or DELETE has touched.
    std::int64_t affected() const;

private:
    struct clear {
        void operator()(pg_result* result) const noexcept;
    };
    std::unique_ptr<pg_result, clear> result_;
};

}  // namespace ocpi::crud::postgres
