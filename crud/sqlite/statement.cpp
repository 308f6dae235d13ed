#include "crud/sqlite/statement.hpp"

#include "crud/sqlite/database.hpp"

#include <sqlite3.h>

namespace ocpi::crud::sqlite {
namespace {

/// A view without data would be bound as NULL.
const char* data_of(std::string_view text) noexcept
{
    return text.data() != nullptr ? text.data() : "";
}

/// SQLITE_TRANSIENT, spelled without the C cast of SQLite's macro.
sqlite3_destructor_type copied() noexcept
{
    // NOLINTNEXTLINE(performance-no-int-to-ptr): SQLite defines it so.
    return reinterpret_cast<sqlite3_destructor_type>(-1);
}

}  // namespace

statement::statement(database& connection, std::string_view sql) : connection_(connection)
{
    sqlite3_stmt* made = nullptr;
    const int code =
        sqlite3_prepare_v3(connection.handle(), sql.data(), static_cast<int>(sql.size()),
                           SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    handle_.reset(made);
    if (code != SQLITE_OK) connection.fail("preparing " + std::string(sql));
}

void statement::finalize::operator()(sqlite3_stmt* handle) const noexcept
{
    sqlite3_finalize(handle);
}

query::query(database& connection, std::string_view sql) : statement_(connection.prepared(sql)) {}

query::~query()
{
    sqlite3_reset(statement_.handle());
    sqlite3_clear_bindings(statement_.handle());
}

query& query::bind(std::int64_t value)
{
    check(sqlite3_bind_int64(statement_.handle(), ++bound_, value));
    return *this;
}

query& query::bind(std::string_view text)
{
    check(sqlite3_bind_text64(statement_.handle(), ++bound_, data_of(text), text.size(), copied(),
                              SQLITE_UTF8));
    return *this;
}

query& query::bind_null()
{
    check(sqlite3_bind_null(statement_.handle(), ++bound_));
    return *this;
}

query& query::bind_in_place(std::string_view text)
{
    check(sqlite3_bind_text64(statement_.handle(), ++bound_, data_of(text), text.size(), nullptr,
                              SQLITE_UTF8));
    return *this;
}

bool query::step()
{
    const int code = sqlite3_step(statement_.handle());
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) check(code);
    return false;
}

std::int64_t query::integer(int column) const noexcept
{
    return sqlite3_column_int64(statement_.handle(), column);
}

std::string query::text(int column) const
{
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.handle(), column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.handle(), column));
    return bytes != nullptr ? std::string(bytes, size) : std::string();
}

std::string_view query::text_in_place(int column) const noexcept
{
    const auto* bytes =
        reinterpret_cast<const char*>(sqlite3_column_text(statement_.handle(), column));
    if (bytes == nullptr) return {};
    return {bytes, size(column)};
}

std::size_t query::size(int column) const noexcept
{
    return static_cast<std::size_t>(sqlite3_column_bytes(statement_.handle(), column));
}

bool query::is_null(int column) const noexcept
{
    return sqlite3_column_type(statement_.handle(), column) == SQLITE_NULL;
}

void query::check(int code) const
{
    if (code == SQLITE_OK) return;
    statement_.connection().fail(std::string("running ") + sqlite3_sql(statement_.handle()));
}

}  // namespace ocpi::crud::sqlite
