#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3_stmt;

namespace ocpi::crud::sqlite {

class database;

/// A prepared statement of one connection. Must not outlive it.
class statement {
public:
    statement(database& connection, std::string_view sql);

    database& connection() const noexcept { return connection_; }
    sqlite3_stmt* handle() const noexcept { return handle_.get(); }

private:
    struct finalize {
        void operator()(sqlite3_stmt* handle) const noexcept;
    };

    database& connection_;
    std::unique_ptr<sqlite3_stmt, finalize> handle_;
};

/// One use of a prepared statement: values are bound to its parameters in turn, then its rows
/// are stepped through. The destructor makes the statement ready for its next use, hence a query
/// ends before the next one of the same connection begins. Throws sqlite_error.
class query {
public:
    query(database& connection, std::string_view sql);
    ~query();
    query(const query&) = delete;
    query& operator=(const query&) = delete;

    query& bind(std::int64_t value);
    query& bind(std::string_view text);
    query& bind_null();
    /// Without a copy: the text must outlive the query.
    query& bind_in_place(std::string_view text);

    /// True when there is a row to read, false at the end.
    bool step();

    std::int64_t integer(int column) const noexcept;
    std::string text(int column) const;
    /// Without a copy, numbers in decimal; until the next step.
    std::string_view text_in_place(int column) const noexcept;
    /// The bytes of a text.
    std::size_t size(int column) const noexcept;
    bool is_null(int column) const noexcept;

private:
    void check(int code) const;

    statement& statement_;
    int bound_ = 0;
};

}  // namespace ocpi::crud::sqlite
